/** The parts of WebAssembly that the sandbox touches: they belong to no library of TypeScript but that of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
}
