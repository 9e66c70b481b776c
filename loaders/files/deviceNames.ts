/** Windows has no file of these names, in small letters or capitals, whatever their ending. */
export function isDeviceName(name: string): boolean {
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name);
}
