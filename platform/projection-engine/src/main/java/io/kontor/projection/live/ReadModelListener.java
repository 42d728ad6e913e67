package io.kontor.projection.live;

import io.kontor.projection.write.ReadModelChange;
import java.util.List;

/**
 * Receives what this process changed in the read models, after each commit and before readers that
 * wait for its position go on. Must be quick: the next batch waits.
 */
public interface ReadModelListener {
  void changed(List<ReadModelChange> committed);
}
