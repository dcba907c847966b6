// KaTeX as the server hands it out beside the modules: see pages/widgets/web/served.py.

import type { KatexLibrary } from "./shared/types.js";

declare const katex: KatexLibrary;
export default katex;
