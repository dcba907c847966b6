"""Names that try to be more than text, each with a mark of its own, and what became of them."""

from __future__ import annotations

NAMES = tuple(
    name.replace("Q", f"Q{place}Q")
    for place, name in enumerate(
        (
            "![Q](http://e.vil/p.png)",
            "[Q](http://e.vil)",
            "[Q][1]",
            "http://e.vil/Q",
            "see https://www.e.vil/?Q=1 now",
            "www.e.vil/Q",
            "mailto:Q@e.vil",
            "Q@e.vil",
            "<http://e.vil/Q>",
            "<img src=http://e.vil/Q.png onerror=alert(1)>",
            "<script>alert('Q')</script>",
            "<iframe src=http://e.vil/Q></iframe>",
            '<a href="http://e.vil">Q</a>',
            "<b>Q</b>",
            "&lt;b&gt;Q",
            "&#x3C;b&#x3E;Q",
            "$\\frac{Q}{2}$",
            "$$Q$$",
            "\\(Q\\)",
            ":red[Q]",
            ":blue-background[Q]",
            ":small[Q]",
            ":orange-badge[Q]",
            ":help[Q]",
            ':color[Q]{foreground="red"}',
            ":smile: Q :+1: :100:",
            "Q:smile:Q",
            ":material/home: Q",
            "http://e.vil/:material/home:|Q",
            ":material_home: Q",
            ":streamlit: Q",
            "Q -> <- <-> -- >= <= ~= Q",
            "**Q**",
            "__Q__",
            "*Q*",
            "~~Q~~",
            "~Q~",
            "`Q`",
            "``http://e.vil/`Q",
            "# Q",
            "- Q",
            "1. Q",
            "> Q",
            "| Q | b |",
            "[^Q]",
            "Q\\",
            "%{Q}",
            "%{text} Q",
            "{{Q}} ${Q}",
            "</style></p>Q",
            "12:04:32 Q",
        )
    )
)

# Nothing may be made of a name; and if all of it is to be shown everywhere, each place where its
# mark stands must show the whole name, or as much of it as the "…" leaves. `within` selects a part
# of the page; without it all is meant.
FAULTS = """([names, everywhere, within]) => {
  const faults = [];
  const whole = names.map((name) => [name, name.match(/Q\\d+Q/)[0]]);
  const folded = (text) => text.replace(/\\s+/g, " ");
  const roots = [...document.querySelectorAll(within ?? "body, body *")]
    .map((one) => (within || one === document.body ? one : one.shadowRoot))
    .filter(Boolean);
  const BLOCK = "p, li, td, th, tr, option, button, label, pre, h1, h2, h3, h4, h5, text, div";
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!/Q\\d+Q/.test(node.data)) continue;
      for (const [name, mark] of whole) {
        if (!everywhere || !node.data.includes(mark)) continue;
        const holder = node.parentElement;
        if (holder.closest("[data-testid=stCode]")) continue; // lines of a file
        if (holder.closest("script, style")) {
          faults.push(`${name} in a ${holder.tagName}`);
          continue;
        }
        const text = folded((holder.closest(BLOCK) ?? holder).textContent);
        for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
          if (!shown(text, at, folded(name).trim(), mark)) {
            faults.push(`${name} became ${text.slice(Math.max(0, at - 40), at + 60)}`);
          }
        }
      }
    }
  }
  function shown(text, at, name, mark) {
    for (let own = name.indexOf(mark); own >= 0; own = name.indexOf(mark, own + mark.length)) {
      let left = 0, right = 0;
      while (left < own && text[at - 1 - left] === name[own - 1 - left]) left += 1;
      const rest = name.slice(own);
      while (right < rest.length && text[at + right] === rest[right]) right += 1;
      const begins = left === own || text.slice(0, at - left).trimEnd().endsWith("…");
      const ends = right === rest.length || text.slice(at + right).trimStart().startsWith("…");
      if (begins && ends) return true;
    }
    return false;
  }
  const made = `a[href*="e.vil"], a[href^="mailto"], [src*="e.vil"], iframe[src*="e.vil"],
    [role=img][aria-label*="home icon"], .stMarkdownColoredText, .stMarkdownBadge,
    .stMarkdownColoredBackground`;
  for (const root of roots) {
    for (const one of root.querySelectorAll(made)) {
      faults.push(`made: ${one.outerHTML.slice(0, 200)}`);
    }
    for (const one of root.querySelectorAll(".katex")) {
      if (/Q\\d+Q/.test(one.textContent)) faults.push(`TeX: ${one.textContent.slice(0, 100)}`);
    }
  }
  return [...new Set(faults)];
}"""
