// Package house holds the tests of the rules that the whole project keeps:
// which room may import which, what pure means, what is embedded, what the
// README promises. It has no code of its own.
package house
