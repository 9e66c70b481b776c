import type {Folder} from "../../src/lib/saveFiles.js";

/** A folder as browsers give it, over files in memory. */
export function memoryFolder(files: Map<string, string>, path = ""): Folder {
  const missing = (): never => {
    throw new DOMException("There is no such entry.", "NotFoundError");
  };
  return {
    async getDirectoryHandle(name, {create = false} = {}) {
      const below = `${path}${name}/`;
      return create || [...files.keys()].some((file) => file.startsWith(below))
        ? memoryFolder(files, below)
        : missing();
    },
    async getFileHandle(name, {create = false} = {}) {
      const file = path + name;
      if (!files.has(file)) {
        if (!create) missing();
        files.set(file, "");
      }
      let next = "";
      return {
        getFile: async () => ({text: async () => files.get(file) as string}),
        createWritable: async () => ({
          async write(text) {
            next += text;
          },
          async close() {
            files.set(file, next);
          },
        }),
      };
    },
  };
}
