//! Fetches the pinned npm packages that the pages are made of and leaves the few files that the binary embeds in `OUT_DIR/web`. Without npm or network the build goes on: the files are empty, `missing.txt` says why, and so does the page;
//! with `DESKGRAPH_NEED_NPM` set it fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// Where each embedded file is in `node_modules`, and its name in `OUT_DIR/web`.
const FILES: [(&str, &str); 6] = [
    ("react/umd/react.production.min.js", "react.js"),
    ("react-dom/umd/react-dom.production.min.js", "react-dom.js"),
    ("graphiql/graphiql.min.js", "graphiql.js"),
    ("graphiql/graphiql.min.css", "graphiql.css"),
    ("swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui.js"),
    ("swagger-ui-dist/swagger-ui.css", "swagger-ui.css"),
];

fn main() -> io::Result<()> {
    for path in ["web/build.rs", "web/package.json", "web/package-lock.json", "web/.npmrc"] {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-env-changed=DESKGRAPH_SKIP_NPM");
    println!("cargo::rerun-if-env-changed=DESKGRAPH_NEED_NPM");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);
    let target = out.join("web");
    fs::create_dir_all(&target)?;
    let missing = install(&out.join("npm"), &target).err();
    if let Some(reason) = &missing {
        if env::var_os("DESKGRAPH_NEED_NPM").is_some() {
            return Err(io::Error::other(format!("the pages are needed in this build: {reason}")));
        }
        println!("cargo::warning=the pages are not in this build: {reason}");
        for (_, name) in FILES {
            fs::write(target.join(name), "")?;
        }
    }
    fs::write(target.join("missing.txt"), missing.unwrap_or_default())
}

/// Installs in a folder of its own and copies the files out. The error says what is lacking, for whoever opens the page.
fn install(folder: &Path, target: &Path) -> Result<(), String> {
    if env::var_os("DESKGRAPH_SKIP_NPM").is_some() {
        return Err("the build was told to leave it out by DESKGRAPH_SKIP_NPM".to_owned());
    }
    let failed = |what: &str, error: io::Error| format!("{what}: {error}");
    fs::create_dir_all(folder).map_err(|error| failed("no folder to install in", error))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(Path::new("web").join(name), folder.join(name)).map_err(|error| failed(name, error))?;
    }
    let output = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"])
        .current_dir(folder)
        .output()
        .map_err(|error| failed("npm could not be started", error))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| line.contains("code ")).unwrap_or("no reason given");
        return Err(format!("`npm ci` failed ({})", line.trim()));
    }
    for (from, to) in FILES {
        fs::copy(folder.join("node_modules").join(from), target.join(to)).map_err(|error| failed(from, error))?;
    }
    // The other hundred packages are only there because npm cannot leave them out.
    fs::remove_dir_all(folder).map_err(|error| failed("could not tidy up", error))
}
