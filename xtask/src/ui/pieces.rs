//! Cuts the WebAssembly into what every visit needs and the pieces of single pages, which a browser
//! loads when they are opened. Trunk knows nothing of it: it starts this program in the place of
//! wasm-bindgen. Never decides what belongs to which piece: the dashboard's `pages/lazy.rs` does.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{files, wasm};
use crate::run::Run;

/// The name under which trunk looks for the program.
const STAND_IN: &str = "wasm-bindgen";
/// The package, after which the tools name what they write.
const NAME: &str = "frontend";
/// What loads the pieces, as the tool names it.
const LOADER: &str = "__wasm_split.js";

const BINDGEN: &str = "XTASK_BINDGEN";
const SPLITTER: &str = "XTASK_SPLITTER";
const PIECES: &str = "XTASK_PIECES";

/// Whether this program was started in the place of wasm-bindgen.
pub(crate) fn stands_in() -> bool {
    env::args_os().next().is_some_and(|own| {
        Path::new(&own)
            .file_name()
            .is_some_and(|name| name == STAND_IN)
    })
}

/// Cuts the WebAssembly, then becomes wasm-bindgen for what every visit needs.
pub(crate) fn stand_in() -> Result<()> {
    let given = |name: &str| env::var_os(name).with_context(|| format!("{name} is not set"));
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let input = args.iter_mut().find(|arg| {
        Path::new(arg)
            .extension()
            .is_some_and(|kind| kind == "wasm")
    });
    if let Some(input) = input {
        let folder = PathBuf::from(given(PIECES)?);
        files::remove(&folder)?;
        Run::new(given(SPLITTER)?)
            .arg(&*input)
            .arg(&folder)
            .args(["--target", "web", "--out-name", NAME])
            .env("RUST_LOG", "error")
            .show()?;
        *input = folder.join(format!("{NAME}.wasm")).into_os_string();
        // The pieces reach into the first one by what the linker exported.
        args.push("--keep-lld-exports".into());
        args.push("--remove-name-section".into());
        args.push("--remove-producers-section".into());
    }
    let error = Run::new(given(BINDGEN)?).args(args).into_command().exec();
    Err(error).context("wasm-bindgen could not be started")
}

/// Where the pieces are cut and what is called for it.
pub(super) struct Pieces<'a> {
    /// Rebuilt each time.
    pub(super) folder: PathBuf,
    pub(super) bindgen: &'a Path,
    pub(super) splitter: &'a Path,
}

impl Pieces<'_> {
    /// Lets a run of trunk start this program in the place of wasm-bindgen.
    pub(super) fn hook(&self, trunk: Run, path: &OsString) -> Result<Run> {
        let bin = self.folder.with_extension("bin");
        files::remove(&bin)?;
        fs::create_dir_all(&bin)?;
        symlink(env::current_exe()?, bin.join(STAND_IN))?;
        let path = env::join_paths([bin].into_iter().chain(env::split_paths(path)))?;
        Ok(trunk
            .env("PATH", path)
            .env(PIECES, &self.folder)
            .env(BINDGEN, self.bindgen)
            .env(SPLITTER, self.splitter))
    }

    /// Puts the pieces beside the first one, named after the same digest, and lets it find them.
    /// Returns the name of what loads them.
    pub(super) fn place(&self, stage: &Path) -> Result<String> {
        let (script, digest) = first_script(stage)?;
        let mut loader = fs::read_to_string(self.folder.join(LOADER))
            .context("the WebAssembly was not cut")?
            .replace(&format!("./{NAME}.js"), &format!("./{script}"));
        for (name, file) in files::below(&self.folder)? {
            let piece = name.strip_suffix(".wasm").filter(|stem| *stem != NAME);
            if let Some(stem) = piece {
                let served = format!("{stem}-{digest}.wasm");
                let module = wasm::without_custom_sections(&fs::read(&file)?)?;
                fs::write(stage.join(&served), module)?;
                loader = loader.replace(&format!("./{name}"), &format!("./{served}"));
            }
        }
        let loader_name = format!("pieces-{digest}.js");
        fs::write(stage.join(&loader_name), loader)?;
        let first = fs::read_to_string(stage.join(&script))?;
        fs::write(stage.join(&script), import_from(&first, &loader_name))?;
        Ok(loader_name)
    }
}

/// The script with its import of the loader from another file; the WebAssembly goes on to ask for
/// the loader by its old name, which stands in the script a second time.
fn import_from(script: &str, loader: &str) -> String {
    let mut renamed = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        if line.starts_with("import ") {
            renamed.push_str(&line.replace(&format!("./{LOADER}"), &format!("./{loader}")));
        } else {
            renamed.push_str(line);
        }
    }
    renamed
}

/// The first piece's script and the digest in its name.
fn first_script(stage: &Path) -> Result<(String, String)> {
    files::below(stage)?
        .into_keys()
        .find_map(|name| {
            let digest = name
                .strip_prefix(NAME)?
                .strip_prefix('-')?
                .strip_suffix(".js")?;
            Some((name.clone(), digest.to_owned()))
        })
        .context("trunk left no script")
}

#[cfg(test)]
mod tests {
    use super::import_from;

    #[test]
    fn only_the_import_gets_the_new_name() {
        let script =
            "import * as a from \"./__wasm_split.js\"\nuse({ \"./__wasm_split.js\": a });\n";
        assert_eq!(
            import_from(script, "pieces-1.js"),
            "import * as a from \"./pieces-1.js\"\nuse({ \"./__wasm_split.js\": a });\n"
        );
    }
}
