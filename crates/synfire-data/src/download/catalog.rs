//! The data sets that can be fetched.

use super::Checksum;

/// A data set and where to get it.
///
/// The fields are open so that a mirror of one's own can stand in:
///
/// ```no_run
/// use synfire_data::download;
///
/// let mut mnist = download::catalog().remove(0);
/// mnist.mirrors = vec!["http://data.example.org/mnist".into()];
/// mnist.fetch("datasets/mnist", &mut |_| {})?;
/// # Ok::<(), synfire_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name to ask for: `"mnist"`.
    pub name: String,
    /// One line on what it is.
    pub about: String,
    /// Addresses of folders that hold the files, best first.
    pub mirrors: Vec<String>,
    /// The files.
    pub files: Vec<SourceFile>,
}

/// One file of a [`Source`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, at the mirrors and in the folder.
    pub name: String,
    /// Checksum of the right one.
    pub checksum: Checksum,
}

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
];

/// All data sets that [`get`](super::get) knows.
///
/// ```
/// let names: Vec<_> = synfire_data::download::catalog().into_iter().map(|s| s.name).collect();
/// assert_eq!(names, ["mnist", "fashion-mnist", "kmnist"]);
/// ```
pub fn catalog() -> Vec<Source> {
    vec![
        source(
            "mnist",
            "handwritten digits, 28x28, 10 classes, 60000 + 10000 images (LeCun, Cortes, Burges)",
            &["https://storage.googleapis.com/cvdf-datasets/mnist", "https://ossci-datasets.s3.amazonaws.com/mnist"],
            // Of the content, since mirrors have compressed it differently.
            [
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ]
            .map(|sha256| Checksum::Sha256OfContent(sha256.into())),
        ),
        source(
            "fashion-mnist",
            "pictures of clothing, 28x28, 10 classes, 60000 + 10000 images (Zalando Research, MIT)",
            &[
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            ],
            // The sums its authors published, of the compressed files.
            [
                "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "25c81989df183df01b3e8a0aad5dffbe",
                "bef4ecab320f06d8554ea6380940ec79",
                "bb300cfdad3c16e7a12a480ee83cd310",
            ]
            .map(|md5| Checksum::Md5OfFile(md5.into())),
        ),
        source(
            "kmnist",
            "cursive Japanese characters, 28x28, 10 classes, 60000 + 10000 images (ROIS-CODH, CC BY-SA 4.0)",
            &["https://codh.rois.ac.jp/kmnist/dataset/kmnist", "http://codh.rois.ac.jp/kmnist/dataset/kmnist"],
            // Those that torchvision checks, of the compressed files.
            [
                "bdb82020997e1d708af4cf47b453dcf7",
                "e144d726b3acfaa3e44228e80efcd344",
                "5c965bf0a639b31b8f53240b1b52f4d7",
                "7320c461ea6c1c855c0b718fb2a4b134",
            ]
            .map(|md5| Checksum::Md5OfFile(md5.into())),
        ),
    ]
}

fn source(name: &str, about: &str, mirrors: &[&str], checksums: [Checksum; 4]) -> Source {
    let file = |(name, checksum): (&str, _)| SourceFile { name: name.into(), checksum };
    Source {
        name: name.into(),
        about: about.into(),
        mirrors: mirrors.iter().map(|&mirror| mirror.into()).collect(),
        files: NAMES.into_iter().zip(checksums).map(file).collect(),
    }
}
