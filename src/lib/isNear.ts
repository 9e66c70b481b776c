/** `min` and `minimum`, `price` and `unit_price`, `conection_id` and `connection_id`. */
export function isNear(name: string, known: string): boolean {
  const contains = name.length >= 3 && (known.includes(name) || name.includes(known));
  return contains || editDistance(name, known) <= 2;
}

/** How many characters are to be inserted, removed or replaced to get from one text to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({length: to.length + 1}, (_, index) => index);
  for (const [row, character] of [...from].entries()) {
    const current = [row + 1];
    for (let index = 0; index < to.length; index++) {
      const replaced = (previous[index] ?? 0) + (character === to[index] ? 0 : 1);
      current.push(Math.min(replaced, (previous[index + 1] ?? 0) + 1, (current[index] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
