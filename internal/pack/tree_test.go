package pack

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stackinit/stackinit/internal/diag"
)

func TestTreeHasLimits(t *testing.T) {
	full := make([]byte, MaxFile)
	large := make([]SourceFile, MaxTree/MaxFile+1)
	for i := range large {
		large[i] = SourceFile{Path: fmt.Sprintf("template/%d", i), Body: full}
	}
	for name, files := range map[string][]SourceFile{"files": make([]SourceFile, MaxFiles+1), "bytes": large} {
		var refused *diag.Error
		if _, err := NewTree("./big", "", files); !errors.As(err, &refused) || refused.Kind != diag.Refused {
			t.Errorf("one more than the most %s: %v", name, err)
		}
		if _, err := NewTree("./big", "", files[1:]); err != nil {
			t.Errorf("the most %s: %v", name, err)
		}
	}
}
