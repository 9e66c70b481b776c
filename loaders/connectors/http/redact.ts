/** Takes secrets out of text before it reaches a log, an error, a record or the lake. */
export interface Redactor {
  /** Also hides this value, and the forms in which it travels. */
  add(secret: string): void;
  redact(text: string): string;
}

const hidden = "[redacted]";

/** Shorter values would also take innocent words out of messages. */
const shortest = 4;

/** Repetitions are bounded: without an end to them, what a vendor sends could keep the search busy for minutes. */
const secretParameter =
  /((?:[?&;]|\\u0026|\\u003f)[\w-]{0,60}(?:token|secret|password|key|sig(?:nature)?)[\w-]{0,60}=)[^&\s"'\\]+/gi;
/**
 * Vendors tell secrets of clients too, such as the password of a site's proxy: only the name of the member gives them away.
 * Escapes within are bounded, as the search would run out of stack in an endless one.
 */
const secretMember =
  /((?:password|passphrase|secret|token|(?:access|api|auth|private|secret)[_-]?key)"\s*:\s*")(?!")[^"\\]*(?:\\.[^"\\]*){0,1000}(?=")/gi;
const backslashes = (least: number): string => `\\\\{${least},4}`;

/** As many letters and digits in a row, which nothing escapes, tell whether a value may be in a text at all. */
const telling = 16;
const longWords = new RegExp(`\\b\\w{${telling},}`, "g");

/**
 * Knows the secrets of one connection. Tokens are added as they are obtained: a thousand, if there are as many tenants, or a
 * signature a request. So one that has a long run of letters and digits is searched for only in text that has the run's end.
 */
export function createRedactor(secrets: Iterable<string> = []): Redactor {
  const values = new Set<string>();
  const byEnd = new Map<string, Set<string>>();
  let pattern: RegExp | undefined;
  const addValue = (value: string): void => {
    const run = longestRun(value);
    if (run.length < telling) {
      values.add(value);
      pattern = undefined;
      return;
    }
    const end = run.slice(-telling);
    const alike = byEnd.get(end) ?? new Set();
    byEnd.set(end, alike.add(value));
  };
  const redactor: Redactor = {
    add(secret) {
      // Headers lose the blanks at the ends, and with them what quotes a header.
      for (const value of [secret.trim(), base64(secret)]) if (secret.trim().length >= shortest) addValue(value);
    },
    redact(text) {
      pattern ??= patternOf(values);
      const found = valuesIn(text, byEnd);
      return (found.size === 0 ? text : text.replace(patternOf(found), hidden))
        .replace(pattern, hidden)
        .replace(secretParameter, `$1${hidden}`)
        .replace(secretMember, `$1${hidden}`);
    },
  };
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

function longestRun(value: string): string {
  const runs = value.match(/[A-Za-z0-9]+/g) ?? [""];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest));
}

/** The values of which the end of the longest run is in the text. */
function valuesIn(text: string, byEnd: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>();
  if (byEnd.size === 0) return found;
  for (const [word] of text.matchAll(longWords)) {
    for (let end = telling; end <= word.length; end += 1) {
      for (const value of byEnd.get(word.slice(end - telling, end)) ?? []) found.add(value);
    }
  }
  return found;
}

/** Finds the values, the longest first: one may begin with another. */
function patternOf(values: Iterable<string>): RegExp {
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return longestFirst.length === 0 ? /(?!)/ : new RegExp(longestFirst.map(formsOf).join("|"), "g");
}

/** A pattern of a value as it is, in JSON however its writer escapes, and in an address. */
function formsOf(value: string): string {
  return Array.from(value, (character) => {
    if (/[A-Za-z0-9]/.test(character)) return character;
    const units = Array.from({length: character.length}, (_, index) => hex(character.charCodeAt(index), 4));
    const bytes = Array.from(Buffer.from(character), (byte) => `%(?:25){0,2}${hex(byte, 2)}`);
    const [short = ""] = /[^\\]$/.exec(JSON.stringify(character).slice(1, -1)) ?? [];
    const forms = [
      character === "\\" ? backslashes(1) : backslashes(0) + exactly(character),
      units.map((unit) => `${backslashes(1)}u${unit}`).join(""),
      bytes.join(""),
      ...(/[\n\r\t\f\b]/.test(character) ? [backslashes(1) + short] : []),
      ...(character === " " ? ["\\+"] : []),
    ];
    return `(?:${forms.join("|")})`;
  }).join("");
}

/** The digits of a number, capital or small. */
function hex(number: number, digits: number): string {
  return number
    .toString(16)
    .padStart(digits, "0")
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function exactly(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
