// Measures the page of `synfire view`, as `PLAYWRIGHT=.. CHROMIUM=.. node speed.mjs PATH/TO/synfire`: the first page of 500
// runs of 100 epochs, the raster of 2048 neurons over 1000 steps, the answer to a drawn digit. Nothing is asserted.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const { chromium } = await import(process.env.PLAYWRIGHT);
const binary = resolve(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "synfire-speed-"));
const run = (...args) => execFileSync(binary, args, { cwd: folder, stdio: "ignore" });

run("train", "--out", "one", "--hidden", "32", "--epochs", "1");
const record = JSON.parse(readFileSync(join(folder, "one/metrics.jsonl"), "utf8").split("\n")[0]);
const lines = Array.from({ length: 100 }, (_, i) => JSON.stringify({ ...record, epoch: i + 1, train_loss: 1 / (i + 1) }));
for (let i = 0; i < 500; i += 1) {
  const to = join(folder, "runs", String(i).padStart(3, "0"));
  mkdirSync(join(to, "checkpoints"), { recursive: true });
  for (const file of ["config.toml", "data.toml", "result.json"]) cpSync(join(folder, "one", file), join(to, file));
  writeFileSync(join(to, "metrics.jsonl"), `${lines.join("\n")}\n`);
}
const row = (i) => [...Array(16)].map((_, k) => ((i * 7 + k * 3) % 10) / 10).concat(i % 2).join(",");
writeFileSync(join(folder, "tiny.csv"), `${[...Array(17).keys()].map((k) => (k < 16 ? `x${k}` : "class")).join(",")}\n${[...Array(20).keys()].map(row).join("\n")}\n`);
run("train", "--data", "tiny.csv", "--out", "wide", "--hidden", "2048", "--steps", "1000", "--epochs", "1");
run("train", "--out", "digits", "--epochs", "2");

async function serve(path) {
  const server = spawn(binary, ["view", path], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((found) => server.stdout.once("data", (text) => found(String(text).trim())));
  return { server, base: address.replace(/\/$/, "") };
}

const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const page = await chrome.newPage();
const least = async (what, times, one) => {
  const all = [];
  for (let i = 0; i < times; i += 1) all.push(await one(i));
  console.log(`${what}: first ${all[0].toFixed(0)} ms, least ${Math.min(...all).toFixed(0)} ms of ${times}`);
};

for (let i = 0; i < 3; i += 1) {
  const { server, base } = await serve("runs");
  const begun = performance.now();
  await page.goto(`${base}/`);
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 500);
  console.log(`500 runs of 100 epochs, a new server: all rows after ${(performance.now() - begun).toFixed(0)} ms`);
  server.kill();
}
const wide = await serve("wide");
await page.goto(`${wide.base}/sample?run=wide`);
await page.waitForFunction(() => document.body.dataset.rasterMs, null, { timeout: 120_000 });
const spikes = await page.evaluate(() => document.querySelector("#raster").width);
await least(`raster of 2048 neurons and 1000 steps, ${spikes} px wide`, 10, async (i) => {
  await page.evaluate(() => { delete document.body.dataset.rasterMs; });
  await page.keyboard.press(i % 2 ? "p" : "n");
  await page.waitForFunction(() => document.body.dataset.rasterMs, null, { timeout: 120_000 });
  return Number(await page.evaluate(() => document.body.dataset.rasterMs));
});
wide.server.kill();
const digits = await serve("digits");
await page.goto(`${digits.base}/draw?run=digits`);
await page.waitForFunction(() => document.body.dataset.answerMs);
const pad = await (await page.$("#pad")).boundingBox();
await page.mouse.move(pad.x + 150, pad.y + 30);
await page.mouse.down();
await least("answer to a drawn digit", 40, async (i) => {
  await page.evaluate(() => { delete document.body.dataset.answerMs; });
  await page.mouse.move(pad.x + 150 + (i % 3), pad.y + 30 + 5 * i);
  await page.waitForFunction(() => document.body.dataset.answerMs);
  return Number(await page.evaluate(() => document.body.dataset.answerMs));
});
digits.server.kill();
await chrome.close();
rmSync(folder, { recursive: true, force: true });
