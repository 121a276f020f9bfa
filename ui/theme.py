"""How the pages look. Nothing is fetched from elsewhere: system fonts, and colours of the theme."""

from __future__ import annotations

import gradio as gr

# Plain names are system fonts; Gradio's own defaults may be fetched from Google.
_FONTS = [
    "system-ui",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
]
_MONO = ["ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace"]


def theme() -> gr.themes.Base:
    """The theme of all pages."""
    return gr.themes.Default(primary_hue="teal", secondary_hue="teal", font=_FONTS, font_mono=_MONO).set(
        # The default's neutral-400 on white has a contrast of 2.6:1; small print needs 4.5:1.
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_title_text_color="*body_text_color",
        block_label_text_color="*neutral_600",
        color_accent="*primary_600",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
    )


CSS = """
:root { --kj-mark: var(--primary-100); --kj-gone: #fde2e2; --kj-good: var(--primary-700); }
.dark { --color-accent: var(--primary-400); --kj-mark: var(--primary-800); --kj-gone: #6b2222;
  --kj-good: var(--primary-300); }
.kj-top { align-items: end; gap: 0 16px; }
@media (max-width: 700px) { .kj-top { flex-direction: column; align-items: start; } }
.kj-head h1 { font-size: var(--text-xl); margin: 0; }
.kj-head p { margin: 0; font-size: var(--text-sm); }
.kj-small { color: var(--body-text-color-subdued); font-size: var(--text-sm); overflow-wrap: anywhere; margin: 2px 0; }
.kj-answer p { margin: 0 0 6px; overflow-wrap: anywhere; }
.kj-answer p:last-child { margin-bottom: 0; }
.kj-answer summary, #kj-panel summary { cursor: pointer; font-size: var(--text-sm); }
.kj-answer summary, #kj-panel summary, .kj-small * { color: var(--body-text-color-subdued); }
.kj-draft { opacity: .75; }
.kj-notice { font-weight: 600; }
.kj-problem, .kj-bad { color: var(--error-text-color); }
.kj-badge { display: inline-block; border: 1px solid var(--border-color-primary); border-radius: var(--radius-md);
  padding: 0 6px; margin: 0 4px 2px 0; font-size: var(--text-sm); line-height: 1.6; }
.kj-good { color: var(--kj-good); border-color: var(--kj-good); }
.kj-bad { border-color: var(--error-border-color); background: var(--error-background-fill); }
a.kj-cite { color: var(--link-text-color); text-decoration: none; padding: 0 1px; }
a.kj-cite:hover, a.kj-cite:focus-visible { text-decoration: underline; }
#kj-panel h2 { font-size: var(--text-lg); margin: 0 0 8px; }
#kj-panel details:not(.kj-raw) { border-top: 1px solid var(--border-color-primary); padding-top: 6px;
  margin-top: 10px; }
.kj-raw { margin-top: 6px; }
.kj-raw summary { cursor: pointer; font-size: var(--text-sm); color: var(--body-text-color-subdued); }
#kj-panel ol.kj-cards { list-style: none; margin: 0; padding: 0; }
.kj-card, #kj-panel li { border: 1px solid var(--border-color-primary); border-radius: var(--radius-lg);
  background: var(--block-background-fill); padding: 10px 12px; margin: 0 0 10px; }
#kj-panel li:focus { outline: 2px solid var(--color-accent); }
.kj-title { display: block; overflow-wrap: anywhere; }
.kj-card blockquote, #kj-panel blockquote { margin: 6px 0 0 !important; padding: 0 0 0 10px;
  color: var(--body-text-color); border-left: 3px solid var(--border-color-primary); line-height: 1.7;
  overflow-wrap: anywhere; }
.kj-card mark, #kj-panel mark { background: var(--kj-mark); color: var(--body-text-color); padding: 1px 0; }
.kj-tools { margin: 0 0 8px; font-size: var(--text-sm); }
.kj-tools button, .kj-tools a { display: inline-block; border: 1px solid var(--border-color-primary); padding: 2px 10px;
  border-radius: var(--radius-md); color: var(--body-text-color); text-decoration: none; cursor: pointer;
  background: none; font: inherit; line-height: 1.6; }
.kj-diff { width: 100%; table-layout: fixed; border-collapse: collapse; }
.kj-diff th { text-align: left; font-size: var(--text-sm); }
.kj-diff th, .kj-diff td { border: 1px solid var(--border-color-primary); padding: 6px 8px; vertical-align: top;
  overflow-wrap: anywhere; line-height: 1.7; color: var(--body-text-color); }
.kj-diff del { background: var(--kj-gone); color: var(--body-text-color); text-decoration-thickness: 1px; }
.kj-diff ins { background: var(--kj-mark); color: var(--body-text-color); text-decoration: none; }
.kj-frame { width: 100%; height: 70vh; border: 1px solid var(--border-color-primary); background: white;
  border-radius: var(--radius-md); }
progress { width: 220px; max-width: 60%; vertical-align: middle; accent-color: var(--color-accent); }
@media (max-width: 700px) { .kj-diff thead { display: none; }
  .kj-diff, .kj-diff tbody, .kj-diff tr, .kj-diff td { display: block; } }
@media (min-width: 900px) { #kj-panel { max-height: calc(100vh - 205px); overflow-y: auto !important; } }
"""

# Gradio's page says lang="en", which makes browsers pick Japanese glyphs for Chinese characters. Following
# a plain #anchor would reload the page (it has a <base>), so markers are followed by hand. Gradio labels each
# message with its own markup, which a screen reader would read out in place of the text.
JS = """
() => {
  document.documentElement.lang = "zh-Hans";
  const chat = document.getElementById("kj-chat");
  const unlabel = () => chat.querySelectorAll("[data-testid=bot], [data-testid=user]")
    .forEach((message) => message.removeAttribute("aria-label"));
  const watched = { childList: true, subtree: true, attributeFilter: ["aria-label"] };
  if (chat) new MutationObserver(unlabel).observe(chat, watched);
  const panel = document.getElementById("kj-panel");
  if (panel) panel.tabIndex = 0;
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest && event.target.closest(".kj-copy");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.text);
      const said = copy.textContent;
      copy.textContent = "已复制 Copied";
      setTimeout(() => { copy.textContent = said; }, 2000);
      return;
    }
    const link = event.target.closest && event.target.closest("a.kj-cite");
    if (!link) return;
    event.preventDefault();
    const card = document.getElementById(link.getAttribute("href").slice(1));
    if (!card) return;
    const fold = card.closest("details");
    if (fold) fold.open = true;
    card.scrollIntoView({ block: "nearest" });
    card.focus({ preventScroll: true });
  });
}
"""
