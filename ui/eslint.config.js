import reactHooks from "eslint-plugin-react-hooks";
import path from "node:path";
import { fileURLToPath } from "node:url";
import tseslint from "typescript-eslint";

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "src");

/** The place of a file among the layers: `app`, `shared`, `features/agenda`, … */
function layerOf(file) {
  const parts = path.relative(source, file).split(path.sep);
  return parts[0] === "features" ? `features/${parts[1]}` : parts[0];
}

/** A feature knows itself and `shared`; `shared` knows itself; only `shared/backend` knows Tauri. */
const layers = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      layer:
        "{{from}} may not import {{to}}: a feature imports only src/shared, and shared imports only shared.",
      tauri: "Only src/shared/backend knows Tauri.",
    },
  },
  create(context) {
    const file = context.filename;
    const from = layerOf(file);
    function check(node) {
      const wanted = node.source?.value;
      if (typeof wanted !== "string") return;
      if (wanted.startsWith("@tauri-apps/")) {
        const inBackend = path.relative(path.join(source, "shared", "backend"), file);
        if (inBackend.startsWith("..")) context.report({ node, messageId: "tauri" });
        return;
      }
      let target;
      if (wanted.startsWith("~/")) target = path.join(source, wanted.slice(2));
      else if (wanted.startsWith(".")) target = path.resolve(path.dirname(file), wanted);
      else return;
      const to = layerOf(target);
      if (to === from || to === "shared") return;
      if (from.startsWith("features/") || from === "shared")
        context.report({ node, messageId: "layer", data: { from, to } });
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

export default tseslint.config(
  { ignores: ["dist", "dist-bridge", "src/shared/backend/generated"] },
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { passerelle: { rules: { layers } } },
    rules: {
      "passerelle/layers": "error",
      "no-restricted-globals": [
        "error",
        { name: "fetch", message: "Only src/shared/backend talks to the outside." },
        { name: "XMLHttpRequest", message: "Only src/shared/backend talks to the outside." },
        { name: "WebSocket", message: "Only src/shared/backend talks to the outside." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Text is rendered as text.",
        },
      ],
      "max-lines": ["error", { max: 500 }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["src/shared/backend/**/*.ts"],
    rules: { "no-restricted-globals": "off" },
  },
);
