package recommend

import "testing"

func TestLabels(t *testing.T) {
	c := Embedded()
	for _, list := range c.stacks {
		for _, s := range list {
			if StackLabel(s.key) == s.key {
				t.Errorf("the stack %s has no label", s.key)
			}
		}
	}
	for _, tn := range c.tensions {
		if tensionTexts[tn.Key] == "" {
			t.Errorf("the tension %s has no text", tn.Key)
		}
	}
}
