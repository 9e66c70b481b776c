import {createHash} from "node:crypto";
import {isDeviceName} from "../../files/deviceNames.js";

const longest = 120;

/**
 * A client id as a file name and part of an address. Small letters, digits and hyphens stand for themselves, a capital
 * letter is written `~` and its small one, every other byte of the id's UTF-8 `_` and two hexadecimal digits. Two ids
 * never share a slug, not even where a file system takes capitals and small letters for the same. An id too long for a
 * file name is named by its SHA-256.
 *
 * `slugOf("C 1/a")` → `~c_201_2fa`
 */
export function slugOf(id: string): string {
  const slug = Array.from(Buffer.from(id, "utf8"), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[a-z0-9-]/.test(character)) return character;
    if (/[A-Z]/.test(character)) return `~${character.toLowerCase()}`;
    return `_${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  if (isDeviceName(slug)) return `_${slug.charCodeAt(0).toString(16)}${slug.slice(1)}`;
  return slug.length <= longest ? slug : `_id-${createHash("sha256").update(id).digest("hex")}`;
}
