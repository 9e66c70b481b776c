/** Puts a text into a place that screen readers read out when it changes: the same text once more is no news. */
export function say(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
