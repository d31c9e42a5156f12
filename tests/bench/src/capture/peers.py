"""Runs the peers of `cargo xtask bench capture` on files; prints one JSON answer as the last line."""

import ctypes
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time


def leptonica():
    """The library tesseract brings along."""
    lib = ctypes.CDLL("liblept.so.5")
    lib.pixRead.restype = ctypes.c_void_p
    lib.pixRead.argtypes = [ctypes.c_char_p]
    lib.pixConvertTo8.restype = ctypes.c_void_p
    lib.pixConvertTo8.argtypes = [ctypes.c_void_p, ctypes.c_int]
    lib.pixThresholdToBinary.restype = ctypes.c_void_p
    lib.pixThresholdToBinary.argtypes = [ctypes.c_void_p, ctypes.c_int]
    lib.pixFindSkew.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_float), ctypes.POINTER(ctypes.c_float)]
    lib.pixDeskew.restype = ctypes.c_void_p
    lib.pixDeskew.argtypes = [ctypes.c_void_p, ctypes.c_int]
    lib.pixWrite.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
    return lib


def cpu_s():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def chain(paths):
    """djpeg, unpaper, leptonica's deskew, cjpeg: CPU seconds a page."""
    lept = leptonica()
    with tempfile.TemporaryDirectory() as folder:
        page, clean, straight = (os.path.join(folder, name) for name in ("page.ppm", "clean.ppm", "straight.pnm"))
        begun = cpu_s()
        for path in paths:
            subprocess.run(["djpeg", "-pnm", "-outfile", page, path], check=True)
            subprocess.run(["unpaper", "--overwrite", "--no-deskew", page, clean], check=True, capture_output=True)
            pix = lept.pixRead(clean.encode())
            lept.pixWrite(straight.encode(), lept.pixDeskew(pix, 0), 11)
            subprocess.run(["cjpeg", "-quality", "88", "-outfile", os.path.join(folder, "out.jpg"), straight], check=True)
        return (cpu_s() - begun) / len(paths)


def skew(paths):
    """Degrees, positive when lines fall to the right, by leptonica and by tesseract."""
    lept = leptonica()
    by_leptonica, by_tesseract = [], []
    for path in paths:
        binary = lept.pixThresholdToBinary(lept.pixConvertTo8(lept.pixRead(path.encode()), 0), 130)
        angle, confidence = ctypes.c_float(0), ctypes.c_float(0)
        lept.pixFindSkew(binary, ctypes.byref(angle), ctypes.byref(confidence))
        # It tells by how much the page must be turned.
        by_leptonica.append(-angle.value)
        said = subprocess.run(["tesseract", path, "-", "--psm", "2", "--dpi", "150", "-l", "chi_sim"], capture_output=True, text=True)
        found = re.search(r"Deskew angle:\s*(-?[\d.]+)", said.stdout + said.stderr)
        by_tesseract.append(float(found.group(1)) * 57.29578 if found else 0.0)
    return [{"name": "leptonica", "degrees": by_leptonica}, {"name": "tesseract", "degrees": by_tesseract}]


def reading_order(lines, same_row):
    lines.sort()
    rows, row = [], []
    for line in lines:
        if row and line[0] - row[-1][0] > same_row:
            rows.append(row)
            row = []
        row.append(line)
    rows.append(row)
    return "".join(text for row in rows for _, text in sorted((line[1], line[2]) for line in row))


def flattener(corners):
    """Maps a point of a picture onto the flat page (0 to 1 each way) by its four corners."""
    import numpy

    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (1, 0), (1, 1), (0, 1)]):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    h = numpy.append(numpy.linalg.solve(numpy.array(rows, float), numpy.array(wanted, float)), 1).reshape(3, 3)

    def flat(x, y):
        p = h @ numpy.array([x, y, 1.0])
        return p[0] / p[2], p[1] / p[2]

    return flat


def rapidocr(paths):
    from rapidocr import RapidOCR

    engine = RapidOCR()
    corners = json.load(open(os.path.join(os.path.dirname(paths[0]), "corners.json")))
    engine(paths[0])
    texts, wall = [], 0.0
    for path, own in zip(paths, corners):
        begun = time.monotonic()
        found = engine(path)
        wall += time.monotonic() - begun
        flat = flattener(own)
        lines = []
        for box, text in zip(found.boxes if found.boxes is not None else [], found.txts or []):
            x, y = flat(sum(p[0] for p in box) / 4, sum(p[1] for p in box) / 4)
            lines.append((y, x, text))
        texts.append(reading_order(lines, 0.005))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"name": "RapidOCR", "texts": texts, "wall_s": wall / len(paths), "peak_mb": peak}


def tesseract(paths):
    texts, begun = [], time.monotonic()
    for path in paths:
        said = subprocess.run(["tesseract", path, "-", "-l", "chi_sim+eng", "--psm", "6", "--dpi", "300"], capture_output=True, text=True)
        texts.append(said.stdout)
    wall = (time.monotonic() - begun) / len(paths)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"name": "tesseract", "texts": texts, "wall_s": wall, "peak_mb": peak}


if __name__ == "__main__":
    answer = {"chain": chain, "skew": skew, "rapidocr": rapidocr, "tesseract": tesseract}[sys.argv[1]](sys.argv[2:])
    print(json.dumps(answer))
