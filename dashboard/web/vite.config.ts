import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { kMaxZoom, writeBasemap } from "./build/basemap.mjs";

// Everything that decides the tiles' bytes: their folder's name changes with it, so that they can be cached for ever.
const basemapVersion = createHash("sha256")
  .update(readFileSync("build/basemap.mjs"))
  .update(readFileSync("package-lock.json"))
  .digest("hex")
  .slice(0, 8);
const basemapFolder = `assets/basemap-${basemapVersion}`;

// Cuts the base map's tiles: into the output of a build, into a cache for the development server.
function basemap(): Plugin {
  const cache = join("node_modules", ".basemap", basemapVersion);
  return {
    name: "basemap",
    configureServer(server) {
      if (!existsSync(cache)) writeBasemap(cache);
      server.middlewares.use(`/${basemapFolder}`, (request, response) => {
        const file = join(cache, (request.url ?? "").replace(/[^0-9/.pbf]/g, ""));
        response.statusCode = existsSync(file) ? 200 : 204;
        response.end(response.statusCode === 200 ? readFileSync(file) : undefined);
      });
    },
    writeBundle(options) {
      writeBasemap(join(options.dir ?? "dist", basemapFolder));
    },
  };
}

export default defineConfig({
  plugins: [basemap()],
  define: {
    __BASEMAP__: JSON.stringify(`/${basemapFolder}`),
    __BASEMAP_MAX_ZOOM__: JSON.stringify(kMaxZoom),
  },
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  worker: { format: "es" },
  build: {
    target: "es2022",
    // No data: URLs and no inline module: the page's Content-Security-Policy allows files of this site alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: ["index.html", "api-docs.html"] },
  },
  server: { proxy: { "/api": process.env.MMM_SERVER ?? "http://localhost:8082" } },
});
