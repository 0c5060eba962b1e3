package render

import (
	"fmt"
	"sync"
)

// function is one function of the closed list, with its arguments as they come.
type function func(args []any) (any, error)

// library gives the closed list: whatever is not in it does not exist in a
// template. It holds the names that sprig's users know, in versions that are
// strict where sprig's panic, guess, depend on map order, compare or print without
// bound; and ours in the place of text/template's own, which would print free text
// unencoded or whole lists in an error.
//
// A function is total and pure, takes time in proportion to the size of its
// arguments and its result (what they cost is counted in metered), and never
// makes more than maxText or maxList.
//
// It is in the form in which the parser wants to know what there is; the functions that
// need a renderer are methods of it, and only named here.
var library = sync.OnceValue(func() map[string]any {
	all := make(map[string]any, 128)
	for _, group := range []map[string]function{encoders, textFunctions(), listFunctions, logic, arithmetic} {
		for name, fn := range group {
			all[name] = fn
		}
	}
	all["include"], all["regexMatch"], all["regexReplaceAll"] = true, true, true
	return all
})

// total makes a function that cannot fail into one of those that can.
func total[A, R any](fn func(A) R) func(A) (R, error) {
	return func(a A) (R, error) { return fn(a), nil }
}

func f1[A, R any](fn func(A) (R, error)) function {
	return func(args []any) (any, error) {
		if err := count(args, 1); err != nil {
			return nil, err
		}
		a, err := arg[A](args[0])
		if err != nil {
			return nil, err
		}
		return fn(a)
	}
}

func f2[A, B, R any](fn func(A, B) (R, error)) function {
	return func(args []any) (any, error) {
		if err := count(args, 2); err != nil {
			return nil, err
		}
		a, err := arg[A](args[0])
		if err != nil {
			return nil, err
		}
		b, err := arg[B](args[1])
		if err != nil {
			return nil, err
		}
		return fn(a, b)
	}
}

func f3[A, B, C, R any](fn func(A, B, C) (R, error)) function {
	return func(args []any) (any, error) {
		if err := count(args, 3); err != nil {
			return nil, err
		}
		c, err := arg[C](args[2])
		if err != nil {
			return nil, err
		}
		return f2(func(a A, b B) (R, error) { return fn(a, b, c) })(args[:2])
	}
}

// many makes a function of one argument and any number after it.
func many[A, R any](fn func(A, []any) (R, error)) function {
	return func(args []any) (any, error) {
		if len(args) == 0 {
			return nil, fmt.Errorf("wrong number of arguments: at least 1 is wanted")
		}
		a, err := arg[A](args[0])
		if err != nil {
			return nil, err
		}
		return fn(a, args[1:])
	}
}

func count(args []any, want int) error {
	if len(args) != want {
		return fmt.Errorf("wrong number of arguments: %d wanted, %d given", want, len(args))
	}
	return nil
}

// arg gives an argument as its parameter's type. Any list fits a list.
func arg[A any](v any) (a A, err error) {
	if p, ok := any(&a).(*any); ok {
		*p = v
		return a, nil
	}
	if p, ok := any(&a).(*[]any); ok {
		if l, ok := list(v); ok {
			*p = l
			return a, nil
		}
	}
	a, ok := v.(A)
	if !ok {
		err = fmt.Errorf("wrong type of value: %s is wanted, %s given", kind(any(a)), kind(v))
	}
	return a, err
}

// list gives any kind of list as one of values.
func list(v any) (l []any, ok bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []string:
		return values(v), true
	case []int:
		return values(v), true
	}
	return nil, false
}

func values[E any](l []E) []any {
	all := make([]any, len(l))
	for i, e := range l {
		all[i] = e
	}
	return all
}

// kind names the type of a value in the words of people who write templates.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case Text:
		return "free text"
	case Secret:
		return "a secret"
	case int:
		return "a whole number"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	case []any, []string, []int:
		return "a list"
	case map[string]any:
		return "a map"
	}
	return fmt.Sprintf("a %T", v)
}
