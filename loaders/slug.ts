/**
 * A client id as a file name and part of an address: small letters, digits and hyphens stand for themselves, every other
 * byte of its UTF-8 is written `_` and two hexadecimal digits. Two ids never share a slug, whatever the file system.
 *
 * `slugOf("C 1/a")` → `_43_201_2fa`
 */
export function slugOf(id: string): string {
  return Array.from(Buffer.from(id, "utf8"), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}
