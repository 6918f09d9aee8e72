// web3.js declares instruction data as a Buffer. In browsers that is the npm package of this name, which "node:" would miss.
export { Buffer } from "buffer";
