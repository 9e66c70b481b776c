/** The text with half an emoji, as of a name that a vendor has cut off, shown as unknown: databases refuse it, JSON and all. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
