//! Why a file or a page could not be taken, in words a clerk can act on. Absent on purpose: findings about a page that was
//! taken (see `page`), and anything about devices (crate `scan`).

use crate::page::Wording;

/// A file or page that cannot become a page of a case. Every variant is something the clerk can act on; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureFault {
    /// The file has no bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The content is of none of the accepted kinds.
    #[error("the content is none of JPEG, PNG, TIFF, WebP, BMP, PDF ({seen})")]
    UnsupportedType {
        /// What the content looks like, or `unknown`.
        seen: &'static str,
    },
    /// A photograph in the form of phones, which this counter's build can not open.
    #[error("HEIC is not taken by this build")]
    HeicNotTaken,
    /// The content begins like a picture or PDF but cannot be decoded to its end: cut off or damaged.
    #[error("the content cannot be read: {detail}")]
    Unreadable {
        /// The decoder's own words, for the log.
        detail: String,
    },
    /// More bytes than the limit.
    #[error("{bytes} bytes are more than {max_bytes}")]
    TooManyBytes {
        /// Size of the file.
        bytes: u64,
        /// The limit in force.
        max_bytes: u64,
    },
    /// The header announces more picture elements than the limit; nothing was decoded.
    #[error("{width_px} x {height_px} picture elements are more than allowed")]
    TooManyPixels {
        /// Width announced by the header.
        width_px: u32,
        /// Height announced by the header.
        height_px: u32,
    },
    /// A picture too small to be a paper.
    #[error("{width_px} x {height_px} picture elements are too few for a paper")]
    TooSmall {
        /// Width in picture elements.
        width_px: u32,
        /// Height in picture elements.
        height_px: u32,
    },
    /// More pages than the limit.
    #[error("{pages} pages are more than {max_pages}")]
    TooManyPages {
        /// Pages found (at least).
        pages: u32,
        /// The limit in force.
        max_pages: u32,
    },
    /// A PDF or TIFF without any page.
    #[error("the file has no pages")]
    NoPages,
    /// A PDF that asks for a password.
    #[error("the PDF is encrypted")]
    EncryptedPdf,
    /// The pages took longer than the limit; a file made to keep the counter busy looks like this.
    #[error("stopped after {elapsed_ms} ms at page {page}")]
    TooSlow {
        /// Time used so far.
        elapsed_ms: u64,
        /// The first page not taken, from 1.
        page: u32,
    },
    /// The program that opens files from strangers is not installed or does not start; no file is opened without it.
    #[error("the import worker is missing: {detail}")]
    WorkerMissing {
        /// What was looked for, or why it did not start; for the log.
        detail: String,
    },
}

impl CaptureFault {
    /// Every [`CaptureFault::code`]; such a code in place of a verdict says that there is no page to look at.
    pub const CODES: [&'static str; 12] = [
        "file-empty",
        "file-type-unsupported",
        "heic-not-taken",
        "file-unreadable",
        "file-too-large",
        "image-too-large",
        "image-too-small",
        "too-many-pages",
        "no-pages",
        "pdf-encrypted",
        "file-too-slow",
        "import-worker-missing",
    ];

    /// The stable code the window and the command line branch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::UnsupportedType { .. } => "file-type-unsupported",
            Self::HeicNotTaken => "heic-not-taken",
            Self::Unreadable { .. } => "file-unreadable",
            Self::TooManyBytes { .. } => "file-too-large",
            Self::TooManyPixels { .. } => "image-too-large",
            Self::TooSmall { .. } => "image-too-small",
            Self::TooManyPages { .. } => "too-many-pages",
            Self::NoPages => "no-pages",
            Self::EncryptedPdf => "pdf-encrypted",
            Self::TooSlow { .. } => "file-too-slow",
            Self::WorkerMissing { .. } => "import-worker-missing",
        }
    }

    /// What is wrong and what to do, in both languages.
    pub fn message(&self) -> Wording {
        match self {
            Self::Empty => Wording::of(
                "文件是空的。请重新扫描或重新选择文件。",
                "The file is empty. Scan again or choose another file.",
            ),
            Self::UnsupportedType { .. } => Wording::of(
                "这种文件不能作为材料。请使用 JPEG、PNG、TIFF、WebP、BMP 或 PDF。",
                "This kind of file cannot be used as a paper. Use JPEG, PNG, TIFF, WebP, BMP or PDF.",
            ),
            Self::HeicNotTaken => Wording::of(
                "这是手机的 HEIC 照片,本机打不开。请申请人把手机相机格式改为“兼容性最佳”后重拍,或以 JPEG 发来,或扫描原件。",
                "This is a phone's HEIC photograph, which this counter does not open. Ask the applicant to set the phone's camera to \"most compatible\" and take it again, or to send it as JPEG; or scan the original.",
            ),
            Self::Unreadable { .. } => Wording::of(
                "文件不完整或已损坏,无法读出。请重新扫描或重新传送原文件。",
                "The file is cut off or damaged and cannot be read. Scan again or copy the original again.",
            ),
            Self::TooManyBytes { bytes, max_bytes } => Wording {
                zh: format!(
                    "文件 {} MB,超过上限 {} MB。请分成几个文件,或降低分辨率后重试。",
                    mebibytes(*bytes),
                    mebibytes(*max_bytes)
                ),
                en: format!(
                    "The file has {} MB, more than the limit of {} MB. Split it or save it with a lower resolution.",
                    mebibytes(*bytes),
                    mebibytes(*max_bytes)
                ),
            },
            Self::TooManyPixels { width_px, height_px } => Wording {
                zh: format!("图像 {width_px}×{height_px} 像素,超过上限,没有打开。请以 300 dpi 重新扫描。"),
                en: format!("The picture claims {width_px}×{height_px} pixels, more than allowed, and was not opened. Scan again at 300 dpi."),
            },
            Self::TooSmall { width_px, height_px } => Wording {
                zh: format!("图像只有 {width_px}×{height_px} 像素,不是材料的扫描件。请重新扫描。"),
                en: format!("The picture has only {width_px}×{height_px} pixels and is not a scan of a paper. Scan again."),
            },
            Self::TooManyPages { pages, max_pages } => Wording {
                zh: format!("文件有 {pages} 页,一次最多 {max_pages} 页。请只导入需要的页。"),
                en: format!("The file has {pages} pages; at most {max_pages} can be taken at once. Import only the pages needed."),
            },
            Self::NoPages => Wording::of("文件里没有页面。请重新选择文件。", "The file has no pages. Choose another file."),
            Self::EncryptedPdf => Wording::of(
                "PDF 有密码。请申请人提供没有密码的文件,或扫描原件。",
                "The PDF has a password. Ask for a file without one, or scan the original.",
            ),
            Self::TooSlow { page, .. } => Wording {
                zh: format!("从第 {page} 页起处理时间过长,文件没有导入。请打印后扫描,或拆分文件。"),
                en: format!("From page {page} on the file took too long and was not imported. Print and scan it, or split it."),
            },
            Self::WorkerMissing { .. } => Wording::of(
                "打开外来文件的程序 onewindow-import-worker 不在本机或启动不了,文件没有打开。请安装人员重新安装;材料可先扫描。",
                "The program that opens files from outside, onewindow-import-worker, is missing or does not start; the file was not opened. Ask the installer to install it again; scan the paper meanwhile.",
            ),
        }
    }
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}

/// Why reading text is not possible. The pages themselves are not affected.
#[derive(Debug, thiserror::Error)]
pub enum OcrFault {
    /// The model folder or a file in it is missing: reading is switched off, everything else works.
    #[error("the reading models are not installed: {missing} is not in the folder")]
    ModelsMissing {
        /// The first file that was not found.
        missing: String,
    },
    /// A model file is there but is not the expected model.
    #[error("the reading model {file} cannot be used: {detail}")]
    ModelUnusable {
        /// File name.
        file: String,
        /// The loader's own words.
        detail: String,
    },
    /// The engine failed on this page.
    #[error("the page could not be read: {detail}")]
    Engine {
        /// The engine's own words.
        detail: String,
    },
}

impl OcrFault {
    /// The stable code the window and the command line branch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ModelsMissing { .. } => "models-missing",
            Self::ModelUnusable { .. } => "model-unusable",
            Self::Engine { .. } => "reading-failed",
        }
    }

    /// What is wrong and what to do, in both languages.
    pub fn message(&self) -> Wording {
        match self {
            Self::ModelsMissing { .. } => Wording::of(
                "没有安装文字识别模型,本机不能自动读取材料;扫描和受理不受影响,请手工填写。安装人员可补装模型。",
                "The reading models are not installed, so papers are not read automatically; scanning and acceptance work, type the values. The installer can add the models.",
            ),
            Self::ModelUnusable { .. } => Wording::of(
                "文字识别模型文件损坏或版本不符。请安装人员重新安装模型。",
                "A reading model is damaged or of another version. Ask the installer to install the models again.",
            ),
            Self::Engine { .. } => Wording::of("这一页没有读出,请手工填写。", "This page could not be read; type the values."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_own_code_and_the_list_has_them_all() {
        let (bytes, max_bytes, width_px, height_px, page) = (1, 1, 1, 1, 1);
        let faults = [
            CaptureFault::Empty,
            CaptureFault::UnsupportedType { seen: "unknown" },
            CaptureFault::HeicNotTaken,
            CaptureFault::Unreadable { detail: String::new() },
            CaptureFault::TooManyBytes { bytes, max_bytes },
            CaptureFault::TooManyPixels { width_px, height_px },
            CaptureFault::TooSmall { width_px, height_px },
            CaptureFault::TooManyPages { pages: 1, max_pages: 1 },
            CaptureFault::NoPages,
            CaptureFault::EncryptedPdf,
            CaptureFault::TooSlow { elapsed_ms: 1, page },
            CaptureFault::WorkerMissing { detail: String::new() },
        ];
        assert_eq!(faults.map(|fault| fault.code()), CaptureFault::CODES);
    }
}
