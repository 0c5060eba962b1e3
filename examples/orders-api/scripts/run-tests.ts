// Runs the tests with their coverage limits: `npm test`, or `npm test -- src/config.test.ts`.
import { run } from "node:test";
import { spec } from "node:test/reporters";

const named = process.argv.slice(2);

const tests = run({
  globPatterns: named.length > 0 ? named : ["src/**/*.test.ts"],
  // The limits are for the whole suite; a single file would never reach them.
  coverage: named.length === 0,
  coverageIncludeGlobs: ["src/**"],
  coverageExcludeGlobs: ["src/**/*.test.ts"],
  lineCoverage: 90,
  branchCoverage: 85,
});

tests.on("test:fail", () => {
  process.exitCode = 1;
});
// Node counts "no tests found" as success.
tests.on("test:summary", ({ file, counts }) => {
  if (file === undefined && counts.tests === 0) {
    console.error("no tests found");
    process.exitCode = 1;
  }
});
tests.compose(spec).pipe(process.stdout);
