"""Draws the same texts at the same places with other engines, and tells milliseconds and bytes as JSON.

Input: a JSON file {"width_mm", "height_mm", "pages": [[{"x_mm", "y_mm", "size_pt", "text"}]]} with the lines of a document
of ours; a folder for the files. The peers draw the text alone, without rules and codes, which is in their favour.
"""

import json
import statistics
import sys
import time
from pathlib import Path

RUNS = 5


def timed(draw):
    draw()
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        result = draw()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), result


def reportlab(document, fonts):
    from io import BytesIO

    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    # It takes no OpenType outlines, so it cannot use the font that we use.
    pdfmetrics.registerFont(TTFont("song", fonts["truetype"]))
    height = document["height_mm"] * mm

    def draw():
        out = BytesIO()
        page = canvas.Canvas(out, pagesize=(document["width_mm"] * mm, height))
        for lines in document["pages"]:
            for line in lines:
                page.setFont("song", line["size_pt"])
                page.drawString(line["x_mm"] * mm, height - line["y_mm"] * mm, line["text"])
            page.showPage()
        page.save()
        return out.getvalue()

    return draw


def typst(document, fonts):
    import typst as engine

    def source(number):
        parts = [
            f'#set page(width: {document["width_mm"]}mm, height: {document["height_mm"]}mm, margin: 0mm)',
            '#set text(font: "Noto Serif CJK SC", lang: "zh")',
        ]
        for index, lines in enumerate(document["pages"]):
            if index:
                parts.append("#pagebreak()")
            for line in lines:
                # It remembers what it has compiled, and no counter prints one document twice: digits differ from run to run.
                digits = str(number % 10)
                changed = "".join(digits if letter.isdigit() and letter.isascii() else letter for letter in line["text"])
                text = json.dumps(changed, ensure_ascii=False)
                parts.append(f'#place(dx: {line["x_mm"]}mm, dy: {line["y_mm"] - line["size_pt"] * 0.31}mm, text(size: {line["size_pt"]}pt, {text}))')
        return "\n".join(parts)

    path = Path(sys.argv[2]) / "peer.typ"
    compiler = None
    number = 0

    def draw():
        nonlocal compiler, number
        number += 1
        path.write_text(source(number), encoding="utf-8")
        compiler = compiler or engine.Compiler(str(path), font_paths=[fonts["folder"]])
        return compiler.compile(format="pdf", pdf_standards=["a-2b"])

    return draw


def weasyprint(document, fonts):
    from html import escape

    import weasyprint as engine

    style = f'@page {{ size: {document["width_mm"]}mm {document["height_mm"]}mm; margin: 0 }} body {{ font-family: "Noto Serif CJK SC"; margin: 0 }} p {{ position: absolute; margin: 0; white-space: nowrap; line-height: 1 }} section {{ position: relative; height: {document["height_mm"]}mm; page-break-after: always }}'

    def draw():
        sections = []
        for lines in document["pages"]:
            paragraphs = "".join(
                f'<p style="left:{line["x_mm"]}mm;top:{line["y_mm"] - line["size_pt"] * 0.31}mm;font-size:{line["size_pt"]}pt">{escape(line["text"])}</p>' for line in lines
            )
            sections.append(f"<section>{paragraphs}</section>")
        html = f'<html lang="zh"><head><title>peer</title><style>{style}</style></head><body>{"".join(sections)}</body></html>'
        return engine.HTML(string=html).write_pdf(pdf_variant="pdf/a-2b")

    return draw


def main():
    document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    fonts = json.loads(sys.argv[3])
    figures = {}
    for name, engine in (("reportlab", reportlab), ("typst", typst), ("weasyprint", weasyprint)):
        try:
            milliseconds, pdf = timed(engine(document, fonts))
            (Path(sys.argv[2]) / f"{name}.pdf").write_bytes(pdf)
            figures[name] = {"ms": milliseconds, "bytes": len(pdf)}
        except Exception as error:  # A peer that is not installed is told, not hidden.
            figures[name] = {"missing": f"{type(error).__name__}: {error}"}
    print(json.dumps(figures))


main()
