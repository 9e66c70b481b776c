import {execFileSync} from "node:child_process";
import {existsSync} from "node:fs";
import {type Browser, chromium} from "playwright-core";

/** The headless shell first: the others also draw the windows around the pages, which takes as long as the pages. */
const places = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Finds Chromium, or installs Debian's package where that can be done, or says what to do. */
export function findChromium(): string {
  const found = () => places.find((path) => path !== undefined && existsSync(path));
  const path = found();
  if (path !== undefined) return path;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    execFileSync("apt-get", ["update", "-qq"], {stdio: "ignore"});
    execFileSync("apt-get", ["install", "-y", "-qq", "chromium"], {stdio: "ignore"});
    const installed = found();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    "The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
  );
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
