import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = fileURLToPath(new URL("./src", import.meta.url));

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  resolve: { alias: { "~": source } },
  server: { port: 5173, strictPort: true },
  build: {
    outDir: mode === "bridge" ? "dist-bridge" : "dist",
    emptyOutDir: true,
    target: "safari16",
    // The content security policy has no data: source, so that nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], css: false },
}));
