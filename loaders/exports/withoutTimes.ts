const [localHeader, centralHeader, endRecord] = [0x04034b50, 0x02014b50, 0x06054b50];
/** 1 January 1980, midnight: the first moment that a zip archive knows. */
const firstMoment = 0x00210000;

/** A zip archive whose entries all have one time, so that the same content makes the same bytes whenever it is packed. */
export function withoutTimes(archive: Buffer): Buffer {
  const zip = Buffer.from(archive);
  const end = zip.lastIndexOf(signature(endRecord));
  let place = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(place) === centralHeader) {
    const local = zip.readUInt32LE(place + 42);
    if (zip.readUInt32LE(local) !== localHeader) throw new Error("The workbook's archive cannot be read.");
    zip.writeUInt32LE(firstMoment, place + 12);
    zip.writeUInt32LE(firstMoment, local + 10);
    place += 46 + zip.readUInt16LE(place + 28) + zip.readUInt16LE(place + 30) + zip.readUInt16LE(place + 32);
  }
  return zip;
}

function signature(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}
