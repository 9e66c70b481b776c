import {inflateRawSync} from "node:zlib";

/** The text of a file in a zip archive, found by its name in the archive's directory. */
export function readZip(archive: Buffer, name: string): string {
  const end = archive.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  let place = archive.readUInt32LE(end + 16);
  while (place < end) {
    const [method, size] = [archive.readUInt16LE(place + 10), archive.readUInt32LE(place + 20)];
    const lengths = [28, 30, 32].map((at) => archive.readUInt16LE(place + at));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    const local = archive.readUInt32LE(place + 42);
    if (archive.toString("utf8", place + 46, place + 46 + nameLength) === name) {
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const bytes = archive.subarray(start, start + size);
      return (method === 0 ? bytes : inflateRawSync(bytes)).toString("utf8");
    }
    place += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`The archive has no ${name}.`);
}
