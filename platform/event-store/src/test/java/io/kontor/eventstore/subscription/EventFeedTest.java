package io.kontor.eventstore.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class EventFeedTest {
  private final EventFeed feed = new EventFeed(1_000);
  private long position;

  @Test
  void whatWasWrittenLastIsAtHandAndOlderIsNotOnceTheBytesAreUsedUp() {
    commit(2, 400);
    commit(1, 400);
    assertThat(feed.after(0).events()).hasSize(3);

    commit(3, 400);

    assertThat(feed.after(0)).as("the first unit").isNull();
    assertThat(feed.after(2).events()).hasSize(4);
    assertThat(feed.after(3).upTo()).isEqualTo(6);
  }

  @Test
  void aUnitThatIsTooLargeAloneIsLeftToTheTable() {
    commit(1, 400);
    commit(1, 5_000);
    assertThat(feed.after(0)).isNull();
    assertThat(feed.after(1)).isNull();
    assertThat(feed.head()).isEqualTo(2);
    commit(1, 400);
    assertThat(feed.after(2).events()).hasSize(1);
  }

  @Test
  void whatOthersWroteInBetweenLeavesNothingOldAtHand() {
    commit(2, 100);
    position += 5;
    commit(1, 100);
    assertThat(feed.after(0)).isNull();
    assertThat(feed.after(7).events()).hasSize(1);
    commit(1, 900);
    assertThat(feed.after(7).events()).as("bytes of what is gone don't count").hasSize(2);
  }

  @Test
  void theNumberOfEventsIsBoundedToo() {
    int more = (1 << 15) + 10;
    for (int n = 0; n < more; n++) {
      commit(1, 0);
    }
    assertThat(feed.after(9)).isNull();
    assertThat(feed.after(10).events()).isNotEmpty();
    assertThat(feed.after(more - 1).upTo()).isEqualTo(more);
  }

  private void commit(int events, long bytes) {
    List<DomainEventMessage<?>> unit = new ArrayList<>();
    for (int n = 0; n < events; n++) {
      unit.add(new GenericDomainEventMessage<>("Counter", "acme/x", n, "added"));
    }
    position += events;
    feed.committed(position, unit, bytes, Instant.EPOCH);
  }
}
