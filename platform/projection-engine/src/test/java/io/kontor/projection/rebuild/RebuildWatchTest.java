package io.kontor.projection.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.postgres.TestDatabase;
import io.kontor.projection.rebuild.Rebuild.Kind;
import io.kontor.projection.rebuild.Rebuild.Phase;
import io.kontor.projection.rebuild.Rebuild.State;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RebuildWatchTest {
  private final TestDatabase database = TestDatabase.create();
  private final RebuildRepository rebuilds =
      new RebuildRepository(DSL.using(database.worker(), SQLDialect.POSTGRES));
  private final RebuildWatch watch = new RebuildWatch(rebuilds);
  private final UUID id = UUID.randomUUID();

  @BeforeEach
  void begin() {
    rebuilds.insert(id, Kind.REBUILD, List.of(), null, null, Phase.FILL, 0, 100);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aWatcherSeesTheRebuildUntilItsEnd() throws Exception {
    try (var watcher = watch.watch(id)) {
      rebuilds.advance(id, 0, 10, 100, 5);
      assertThat(seen(watcher, rebuild -> rebuild.processed() == 10).state())
          .isEqualTo(State.RUNNING);
      rebuilds.aborted(id);
      seen(watcher, rebuild -> rebuild.state() == State.ABORTED);
    }
  }

  @Test
  void aSlowWatcherGetsTheNewestStateAndNotAllThatItMissed() throws Exception {
    try (var slow = watch.watch(id);
        var quick = watch.watch(id)) {
      for (long position = 0; position < 5; position++) {
        long next = position + 1;
        rebuilds.advance(id, position, next, 100, 5);
        // Seen twice: the poll that saw it first has reached every watcher.
        seen(quick, rebuild -> rebuild.processed() == next);
        quick.next();
      }
      assertThat(slow.next().processed()).isEqualTo(5);
    }
  }

  private static Rebuild seen(RebuildWatch.Watcher watcher, Predicate<Rebuild> wanted)
      throws InterruptedException {
    while (true) {
      Rebuild rebuild = watcher.next();
      if (wanted.test(rebuild)) {
        return rebuild;
      }
    }
  }
}
