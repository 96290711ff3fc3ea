// The page of `synfire view` in a browser: node view.mjs PATH/TO/synfire, with PLAYWRIGHT and CHROMIUM set by .ci/browser.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const { chromium } = await import(process.env.PLAYWRIGHT);
const binary = resolve(process.argv[2]);
const shots = process.env.SHOTS;
const folder = mkdtempSync(join(tmpdir(), "synfire-view-"));
const running = [];

/** A training of the digits in this folder, which goes on while the tests do. */
function train(name, ...more) {
  const args = ["train", "--out", join("runs", name), "--hidden", "64", "--threads", "1", ...more];
  return { args, options: { cwd: folder, stdio: "ignore" } };
}

/** Starts the server and waits for its address. */
function serve(...args) {
  const server = spawn(binary, ["view", ...args], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  running.push(server);
  return new Promise((found, failed) => {
    server.stdout.once("data", (text) => found(String(text).trim()));
    server.once("exit", (code) => failed(new Error(`synfire view ended with ${code}`)));
  });
}

const tests = [];
const test = (name, body) => tests.push({ name, body });

const pages = {
  runs: ["/", () => document.querySelector("tr[data-id=first] .finished")],
  compare: ["/?run=first", () => document.querySelectorAll("#curves img").length >= 5],
  run: ["/run?run=first", () => document.querySelectorAll("#profile tr").length > 3 && document.querySelector("#network img") && document.querySelector("#pictures img")],
  sample: ["/sample?run=first", () => document.body.dataset.rasterMs && document.querySelector("#growth img")],
  draw: ["/draw?run=first", () => document.body.dataset.answerMs],
  lab: ["/lab?model=izh", () => document.querySelector("#plane img")],
};

test("every page loads, in light, dark and 360 px wide, without scrolling sideways", async ({ base, browser }) => {
  for (const [look, width] of [["light", 1280], ["dark", 1280], ["light", 360]]) {
    const page = await browser({ colorScheme: look, viewport: { width, height: 900 } });
    for (const [name, [path, ready]] of Object.entries(pages)) {
      await page.goto(base + path);
      await page.waitForFunction(ready, null, { timeout: 60_000 });
      await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
      assert.equal(await page.textContent("#problem"), "", path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} px wider than ${width}`);
      if (shots) await page.screenshot({ path: join(shots, `${name}-${look}-${width}.png`), fullPage: true });
    }
    await page.close();
  }
});

test("a run appears while it trains, and its end is seen", async ({ base, browser }) => {
  const page = await browser();
  await page.goto(`${base}/`);
  await page.waitForSelector("tr[data-id=first] .finished");
  const { args, options } = train("second", "--epochs", "4", "--seed", "7");
  running.push(spawn(binary, args, options));
  await page.waitForSelector("tr[data-id=second] .running", { timeout: 60_000 });
  await page.waitForSelector("tr[data-id=second] .finished", { timeout: 300_000 });
  const names = () => page.$$eval("tbody tr", (rows) => rows.map((row) => row.dataset.id));
  assert.deepEqual(await names(), ["first", "second"]);
  await page.fill("#filter", "second finished");
  assert.deepEqual(await names(), ["second"]);
  await page.fill("#filter", "");
  await page.click("th button:text('seed')");
  assert.deepEqual(await names(), ["second", "first"], "sorted by seed, largest first");
  await page.check("tr[data-id=second] input");
  await page.check("tr[data-id=first] input");
  await page.waitForFunction(() => document.querySelector("#differences")?.textContent.includes("training.seed"));
  await page.waitForFunction(() => document.querySelectorAll("#curves img").length >= 5);
});

test("a drawn digit is classified", async ({ base, browser }) => {
  const page = await browser();
  await page.goto(`${base}/draw?run=first`);
  await page.waitForFunction(() => document.body.dataset.answerMs);
  const box = await (await page.$("#pad")).boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  // a zero: an ellipse
  await page.mouse.move(...at(0.5, 0.12));
  await page.mouse.down();
  for (let i = 0; i <= 40; i += 1) {
    const angle = (2 * Math.PI * i) / 40;
    await page.mouse.move(...at(0.5 + 0.24 * Math.sin(angle), 0.5 - 0.38 * Math.cos(angle)));
  }
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector("#answer").textContent.startsWith("class 0,"), null, { timeout: 10_000 });
  await page.waitForTimeout(500);
  console.log(`   answer in ${await page.evaluate(() => document.body.dataset.answerMs)} ms`);
  if (shots) await page.screenshot({ path: join(shots, "drawn.png"), fullPage: true });
});

test("a recording of events is loaded and played", async ({ base, browser }) => {
  // 200 events of 5 bytes in the upper or the lower half of 8 x 8 pixels
  const recording = (seed, lower) => Buffer.from([...Array(200).keys()].flatMap((i) => [(i * 7 + seed) % 8, ((i * 5 + seed) % 4) + 4 * lower, 0, 0, i]));
  for (const part of ["train", "test"]) {
    for (const label of [0, 1]) {
      const to = join(folder, "events", part, String(label));
      mkdirSync(to, { recursive: true });
      for (let seed = 0; seed < 4; seed += 1) writeFileSync(join(to, `${seed}.bin`), recording(seed, label));
    }
  }
  const { args, options } = train("recording", "--data", "events", "--encoder", "series", "--steps", "5", "--epochs", "20", "--learning-rate", "0.01", "--batch-size", "4");
  execFileSync(binary, args, options);
  const page = await browser();
  await page.goto(`${base}/draw?run=recording`);
  await page.waitForFunction(() => document.querySelector("#answer").textContent.includes("load a recording"));
  assert.equal(await page.isVisible("#pad"), false);
  await page.setInputFiles("#file", join(folder, "events/test/1/2.bin"));
  await page.waitForFunction(() => document.querySelector("#answer").textContent.startsWith("class 1,"), null, { timeout: 10_000 });
  await page.waitForTimeout(2500);
  assert.equal(await page.evaluate(() => document.querySelector("#input").width), 8);
  if (shots) await page.screenshot({ path: join(shots, "recording.png"), fullPage: true });
});

test("the lab's rate is that of synfire simulate", async ({ base, browser }) => {
  const page = await browser();
  await page.goto(`${base}/lab?model=lif`);
  await page.waitForFunction(() => document.querySelector("#count").textContent.includes("Hz"));
  for (const [current, tau] of [["0.2", "8"], ["0.35", "12"]]) {
    const simulated = execFileSync(binary, ["simulate", "lif", "--current", current, "--param", `tau_m=${tau}`, "--json"], { cwd: folder });
    const { rate, count } = JSON.parse(simulated).spikes;
    await page.fill("#field-amplitude", current);
    await page.fill("#field-tau_m", tau);
    await page.waitForFunction((text) => document.querySelector("#toml").textContent.includes(text), `neuron = "lif"\ntau_m = ${tau}.0`);
    const expected = `${count} spikes, ${rate.toFixed(2)} Hz`;
    await page.waitForFunction((text) => document.querySelector("#count").textContent === text, expected, { timeout: 10_000 });
  }
});

test("downloads arrive", async ({ base, browser }) => {
  const page = await browser();
  const arrives = async (selector, start) => {
    await page.waitForSelector(selector);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
    const bytes = readFileSync(await download.path());
    assert.ok(bytes.subarray(0, 40).includes(start), `${selector}: ${bytes.subarray(0, 40)}`);
  };
  await page.goto(`${base}/lab?model=izh`);
  for (const [name, start] of [["SVG", "<svg"], ["PNG", "PNG"], ["CSV", "time,input"]]) await arrives(`#trace a:text('${name}')`, start);
  await page.goto(`${base}/sample?run=first`);
  for (const [name, start] of [["CSV", "layer,step,neuron"], ["PNG of this window", "PNG"]]) await arrives(`#downloads a:text-is('${name}')`, start);
});

test("keys work", async ({ base, browser }) => {
  const page = await browser();
  await page.goto(`${base}/`);
  await page.waitForSelector("tr[data-id=first]");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.waitForSelector("tr.chosen[data-id=first]");
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter");
  await page.goto(`${base}/sample?run=first`);
  await page.waitForFunction(() => document.body.dataset.rasterMs);
  const step = () => page.$eval("#step", (slider) => Number(slider.value));
  const last = await step();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await step(), last - 1);
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.querySelector("#index").value === "1");
});

test("nobody is answered without the token", async ({ browser }) => {
  const address = await serve("runs", "--host", "127.0.0.1");
  const { origin } = new URL(address);
  assert.equal((await fetch(`${origin}/api/runs`)).status, 403);
  const page = await browser();
  await page.goto(address);
  await page.waitForSelector("tr[data-id=first]");
});

try {
  const { args, options } = train("first", "--epochs", "6", "--validation", "0.1");
  execFileSync(binary, args, options);
  const base = (await serve("runs")).replace(/\/$/, "");
  const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  const errors = [];
  const browser = async (options = {}) => {
    const page = await chrome.newPage(options);
    page.on("console", (message) => message.type() === "error" && errors.push(`${page.url()}: ${message.text()}`));
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error}`));
    page.on("request", (request) => request.url().startsWith("http://127.0.0.1:") || /^(data|blob):/.test(request.url()) || errors.push(`asked for ${request.url()}`));
    return page;
  };
  for (const { name, body } of tests) {
    const begun = performance.now();
    await body({ base, browser });
    assert.deepEqual(errors, [], name);
    console.log(`ok ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  }
  await chrome.close();
} finally {
  running.forEach((process) => process.kill());
  rmSync(folder, { recursive: true, force: true });
}
