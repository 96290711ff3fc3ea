//! The script of a SLURM array: a job for each run.

use super::plan::Plan;
use super::settings::Sweep;
use anyhow::{Context, bail};
use std::path::Path;

/// Writes the script; `jobs` runs are at work at a time.
pub(super) fn write(script: &Path, file: &Path, sweep: &Sweep, plan: &Plan) -> anyhow::Result<()> {
    if sweep.halving.is_some() {
        bail!("--slurm: with `halving` runs wait for each other, which jobs of an array do not; leave one of them out");
    }
    let here = std::env::current_dir().context("the working directory is gone")?;
    let (last, jobs) = (plan.runs.len() - 1, sweep.jobs);
    let (file, folder) = (quoted(file)?, quoted(&sweep.folder)?);
    let text = format!(
        "#!/bin/bash\n\
         #SBATCH --job-name=synfire-sweep\n\
         #SBATCH --array=0-{last}%{jobs}\n\
         #SBATCH --cpus-per-task=1\n\
         # Add what your cluster wants to know: --partition, --time, --mem, --account.\n\
         # A job that is killed goes on where it stopped when it is submitted again. The table, at any time:\n\
         #   synfire sweep {file} --table        # in {folder}\n\
         set -euo pipefail\n\
         cd {}\n\
         exec synfire sweep {file} --run \"$SLURM_ARRAY_TASK_ID\" --threads \"${{SLURM_CPUS_PER_TASK:-1}}\"\n",
        quoted(&here)?
    );
    Ok(synfire::train::write_whole(script, text.as_bytes())?)
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> anyhow::Result<String> {
    let Some(text) = path.to_str() else { bail!("{}: is no Unicode, which the script must be", path.display()) };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => Ok(text.to_string()),
        false => Ok(format!("'{}'", text.replace('\'', "'\\''"))),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use std::path::Path;

    #[test]
    fn shells_read_paths_as_they_are() {
        for (path, shell) in [("a/b.toml", "a/b.toml"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$x", "'$x'")] {
            assert_eq!(quoted(Path::new(path)).unwrap(), shell);
        }
    }
}
