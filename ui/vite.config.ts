// How the UI is built (into dist, all files same-origin) and served while developing.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const backend = process.env.WATCHGLASS_BACKEND ?? "http://127.0.0.1:4319";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // Fonts and icons stay files: data: URLs would grow the first stylesheet for nothing.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { "/api": backend, "/v1": backend, "/prometheus": backend },
  },
});
