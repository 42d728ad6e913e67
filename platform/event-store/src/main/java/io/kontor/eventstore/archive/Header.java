package io.kontor.eventstore.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive's first line.
 *
 * @param version of the format
 * @param tenants whose events follow, by id
 */
record Header(@JsonProperty("kontor-events") int version, List<Tenant> tenants) {
  static final int VERSION = 1;

  /**
   * A tenant and where its chain is taken up.
   *
   * @param name as it was registered; absent when it was not
   * @param after the hash of the last event before the archive's first
   */
  @JsonInclude(Include.NON_NULL)
  record Tenant(String id, @Nullable String name, String after) {}
}
