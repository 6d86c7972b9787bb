// Writes FILE.gz and FILE.br beside every text file of a folder, as small as they get: the server sends them as they are.
// Fails when what the page loads before the map has grown over its budget.
//
//   node build/compress.mjs FOLDER
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const kText = /\.(js|css|html|svg|json|webmanifest)$/;

function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

for (const path of files(process.argv[2])) {
  if (!kText.test(path)) continue;
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  );
}

// What a browser fetches for the first paint: the page and the files that it names itself. The map and the chart come
// later, from imports within those files.
const kFirstLoadBytes = 150 * 1024;
const page = join(process.argv[2], "index.html");
const named = [...readFileSync(page, "utf8").matchAll(/"\/(assets\/[^"]+)"/g)].map(([, path]) => join(process.argv[2], path));
const firstLoad = [page, ...named].reduce((sum, path) => sum + statSync(`${path}.gz`).size, 0);
console.log(`first load: ${(firstLoad / 1024).toFixed(1)} KiB compressed, ${named.length} files besides the page`);
if (firstLoad > kFirstLoadBytes) {
  console.error(`that is more than ${kFirstLoadBytes / 1024} KiB: load what is not needed at first with import()`);
  process.exit(1);
}
