//! Why a command could not give its answer, in the words of the contract, so that scripts branch on the same codes as the window.

use std::path::PathBuf;

use onewindow_capture::{CaptureFault, OcrFault};
use onewindow_catalogue::CatalogueError;
use onewindow_desk::DeskFault;
use onewindow_ipc::Words;
use onewindow_ipc::fault::{CommandFault, FaultKind};

/// Everything that can stand between a command and its answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliFault {
    /// The desk did not do it.
    #[error(transparent)]
    Desk(#[from] DeskFault),
    /// Standard output could not be written.
    #[error("writing the answer")]
    Output(#[source] std::io::Error),
    /// Standard input could not be read.
    #[error("reading standard input")]
    Input(#[source] std::io::Error),
    /// A file could not be read or written.
    #[error("{path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A file is not the JSON it should be.
    #[error("{path}")]
    NotUnderstood {
        /// Which.
        path: PathBuf,
        /// Cause, with line and column.
        source: serde_json::Error,
    },
    /// A picture could not be taken.
    #[error("taking a picture")]
    Capture(#[from] CaptureFault),
    /// The reading models are named and can not be used.
    #[error("loading the reading models")]
    Models(#[from] OcrFault),
    /// The catalogue's files can not be read.
    #[error("reading the catalogue")]
    Catalogue(#[from] CatalogueError),
    /// A catalogue release can not be made.
    #[error("making a catalogue release")]
    Release(#[from] onewindow_catalogue::release::ReleaseFault),
    /// The picture shows no licence code.
    #[error("no licence code in the picture")]
    CodeMissing,
    /// This counter has no list of licence keys yet.
    #[error("no licence keys")]
    KeysMissing,
    /// The list of keys does not carry the seal of the root that was given.
    #[error("the list of keys is not sealed by the root")]
    KeysNotSealed,
    /// A passphrase is needed and none was given.
    #[error("no passphrase")]
    PassphraseMissing,
    /// No folder for data is known.
    #[error("no data folder")]
    DataFolderUnknown,
}

impl CliFault {
    /// The reader of our output went away.
    pub fn is_closed_output(&self) -> bool {
        matches!(self, Self::Output(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// A file fault that names its file.
    pub fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::File { path, source }
    }

    /// What is told.
    pub fn to_command_fault(&self) -> CommandFault {
        let fault = |code: &str, what: Words, remedy: Words| CommandFault {
            kind: FaultKind::Fault,
            code: code.to_owned(),
            what,
            remedy,
        };
        match self {
            Self::Desk(fault) => fault.to_command_fault(),
            Self::Output(cause) => fault(
                "output",
                Words::new(format!("答复写不出：{cause}。"), format!("The answer can not be written: {cause}.")),
                Words::new("请检查输出的去处。", "Check where the output goes."),
            ),
            Self::Input(cause) => fault(
                "input",
                Words::new(format!("标准输入读不出：{cause}。"), format!("Standard input can not be read: {cause}.")),
                Words::new("请检查输入。", "Check the input."),
            ),
            Self::File { path, source } => fault(
                "file-unreadable",
                Words::new(
                    format!("文件 {} 不能用：{source}。", path.display()),
                    format!("The file {} can not be used: {source}.", path.display()),
                ),
                Words::new("请检查路径和权限。", "Check path and rights."),
            ),
            Self::NotUnderstood { path, source } => fault(
                "file-not-understood",
                Words::new(
                    format!("文件 {} 第 {} 行读不懂：{source}。", path.display(), source.line()),
                    format!("Line {} of {} can not be understood: {source}.", source.line(), path.display()),
                ),
                Words::new("请按说明改正。", "Correct it as described."),
            ),
            Self::Capture(cause) => {
                let message = cause.message();
                fault(
                    cause.code(),
                    Words::new(message.zh, message.en),
                    Words::new("请换一个文件。", "Take another file."),
                )
            }
            Self::Models(cause) => {
                let message = cause.message();
                fault(
                    cause.code(),
                    Words::new(message.zh, message.en),
                    Words::new("请核对 ONEWINDOW_MODELS。", "Check ONEWINDOW_MODELS."),
                )
            }
            Self::Catalogue(cause) => fault(
                "catalogue-broken",
                Words::new("事项目录文件读不出。", format!("The catalogue's files can not be read: {cause}.")),
                Words::new("请检查文件夹。", "Check the folder."),
            ),
            Self::Release(cause) => fault(
                "release-impossible",
                Words::new(format!("目录发布包做不成：{cause}。"), format!("The release can not be made: {cause}.")),
                Words::new(
                    "先用 onewindow catalogue check 查目录，再核对密钥文件。",
                    "Run `onewindow catalogue check` first, then check the key file.",
                ),
            ),
            Self::CodeMissing => fault(
                "code-missing",
                Words::new("图片里没有证照二维码。", "The picture shows no licence code."),
                Words::new("请拍清二维码，四边留白。", "Take the symbol sharply, with a white margin."),
            ),
            Self::KeysMissing => fault(
                "keys-missing",
                Words::new("本机还没有证照公钥。", "This counter has no licence keys yet."),
                Words::new("请连中心一次，或用 --keys 给出文件。", "Run `onewindow sync` once, or give a file with --keys."),
            ),
            Self::KeysNotSealed => fault(
                "keys-not-sealed",
                Words::new("名单没有这个根密钥的签封。", "The list is not sealed by this root key."),
                Words::new(
                    "请从中心重新取名单，并核对根密钥。",
                    "Fetch the list from the centre again and compare the root key.",
                ),
            ),
            Self::PassphraseMissing => fault(
                "passphrase-missing",
                Words::new("需要钥匙或口令文件。", "A passphrase or key file is needed."),
                Words::new("请用 --passphrase-file 给出。", "Give it with --passphrase-file."),
            ),
            Self::DataFolderUnknown => fault(
                "data-folder-unknown",
                Words::new("不知道数据文件夹在哪里。", "No data folder is known."),
                Words::new("请用 --data 给出。", "Give it with --data."),
            ),
        }
    }
}
