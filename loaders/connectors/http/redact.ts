/** Takes secrets out of text before it reaches a log, an error, a record or the lake. */
export interface Redactor {
  /** Also hides this value, and the forms in which it travels. */
  add(secret: string): void;
  redact(text: string): string;
}

const hidden = "[redacted]";

/** Shorter values would also take innocent words out of messages. */
const shortest = 4;

const secretParameter = /([?&;](?:[\w-]*(?:token|secret|password|key|sig(?:nature)?)[\w-]*)=)[^&\s"']+/gi;

/** Knows the secrets of one connection. Tokens are added as they are obtained. */
export function createRedactor(secrets: Iterable<string> = []): Redactor {
  const values = new Set<string>();
  const redactor: Redactor = {
    add(secret) {
      if (secret.length < shortest) return;
      const written = JSON.stringify(secret).slice(1, -1);
      for (const form of [secret, written, encodeURIComponent(secret), base64(secret)]) values.add(form);
    },
    redact(text) {
      let safe = text;
      for (const value of values) safe = safe.replaceAll(value, hidden);
      return safe.replace(secretParameter, `$1${hidden}`);
    },
  };
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
