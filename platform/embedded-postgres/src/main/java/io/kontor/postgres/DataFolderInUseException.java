package io.kontor.postgres;

import java.nio.file.Path;

/** Another process uses the data folder. */
public final class DataFolderInUseException extends IllegalStateException {
  DataFolderInUseException(Path folder, String pid) {
    super(
        "the data folder %s is in use by another Kontor (process %s): stop that one, or choose"
                .formatted(folder, pid)
            + " another folder");
  }
}
