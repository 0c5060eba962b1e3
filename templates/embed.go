// Package templates holds the built-in template layers and the universes of
// packages that lock files are cut from. It is data; internal/pack reads it.
package templates

import "embed"

// FS is this folder. "all:" keeps the dotfiles, which embedding drops otherwise;
// a test compares what is embedded with what is on disk.
//
//go:embed all:*
var FS embed.FS

// Resolved is the day up to which the universes were resolved, YYYY-MM-DD: how old
// the newest version in a generated lock file can be.
const Resolved = "2026-11-16"
