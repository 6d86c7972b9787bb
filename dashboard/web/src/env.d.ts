// Set by vite.config.ts.
declare const __BASEMAP__: string; // folder of the base map's tiles
declare const __BASEMAP_MAX_ZOOM__: number; // deepest level that is cut
