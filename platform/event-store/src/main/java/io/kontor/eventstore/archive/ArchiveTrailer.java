package io.kontor.eventstore.archive;

import io.kontor.eventstore.event.Sha256;
import java.util.Objects;
import java.util.SortedMap;

/**
 * An archive's last line.
 *
 * @param events the number of event lines
 * @param sha256 over all lines before this one, including line ends
 * @param heads the hash of each tenant's last event
 */
record ArchiveTrailer(long events, String sha256, SortedMap<String, String> heads) {
  ArchiveTrailer {
    Objects.requireNonNull(sha256);
    Objects.requireNonNull(heads).values().forEach(Sha256::parse);
  }
}
