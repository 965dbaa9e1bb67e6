// Sends one file with tus-js-client: node upload.mjs <folder with node_modules> <endpoint> <file> <metadata> <headers>
import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";

const [, , folder, endpoint, path, metadata, headers] = process.argv;
const { Upload } = createRequire(`${folder}/`)("tus-js-client");
let again = 0;

const upload = new Upload(createReadStream(path), {
  endpoint,
  headers: JSON.parse(headers),
  metadata: JSON.parse(metadata),
  uploadSize: statSync(path).size,
  chunkSize: 1024 * 1024,
  retryDelays: Array(100).fill(20),
  storeFingerprintForResuming: false,
  onShouldRetry: () => { again += 1; return true; },
  onSuccess: () => console.log(JSON.stringify({ whole: true, again })),
  onError: error => { console.log(JSON.stringify({ whole: false, again, error: String(error) })); process.exitCode = 1; },
});
upload.start();
