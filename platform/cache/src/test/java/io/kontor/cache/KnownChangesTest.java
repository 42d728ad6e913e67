package io.kontor.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.tenancy.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class KnownChangesTest {
  private static final String MODEL = "accounts";
  private static final CacheKey ADA = key("ada");
  private static final CacheKey BOB = key("bob");

  private final KnownChanges changes = new KnownChanges();

  KnownChangesTest() {
    changes.begin("db", Map.of(MODEL, new Version(1, 100)));
  }

  @Test
  void aCopyIsGoodUntilItsRowChanges() {
    changes.apply(change(1, 100, 110, Set.of(BOB)));

    assertThat(changes.allows(ADA, new Version(1, 100), 0)).isTrue();
    assertThat(changes.allows(BOB, new Version(1, 100), 0)).isFalse();
    assertThat(changes.allows(BOB, new Version(1, 110), 0)).isTrue();
  }

  @Test
  void aCopyIsAsOfAllChangesThatAreKnown() {
    changes.apply(change(1, 100, 110, Set.of(BOB)));

    assertThat(changes.allows(ADA, new Version(1, 100), 110)).isTrue();
    assertThat(changes.allows(ADA, new Version(1, 100), 111)).isFalse();
  }

  @Test
  void whatIsOlderThanTheBeginningIsNotUsed() {
    assertThat(changes.allows(ADA, new Version(1, 99), 0)).isFalse();
  }

  @Test
  void aGapMakesAllEarlierCopiesUnusable() {
    changes.apply(change(1, 105, 110, Set.of()));

    assertThat(changes.allows(ADA, new Version(1, 100), 0)).isFalse();
    assertThat(changes.allows(ADA, new Version(1, 110), 0)).isTrue();
  }

  @Test
  void aMissedCommitIsDetectedByComparingWithTheDatabase() {
    changes.compare(Map.of(MODEL, new Version(1, 130)));

    assertThat(changes.allows(ADA, new Version(1, 100), 0)).isFalse();
  }

  @Test
  void anotherEditionHasNothingInCommonWithACopy() {
    changes.apply(change(2, 0, 90, null));

    assertThat(changes.allows(ADA, new Version(1, 100), 0)).isFalse();
    assertThat(changes.allows(ADA, new Version(2, 90), 0)).isTrue();
  }

  @Test
  void versionsThatWereReadBeforeACommitOfThisProcessDoNotBringItsEditionBack() {
    changes.apply(change(2, 0, 90, null));
    changes.compare(Map.of(MODEL, new Version(1, 130)));

    assertThat(changes.allows(ADA, new Version(1, 130), 0)).isFalse();
    assertThat(changes.allows(ADA, new Version(2, 90), 0)).isTrue();
  }

  @Test
  void copiesFromBeforeAReconnectAreNotUsed() {
    changes.apply(change(1, 100, 110, Set.of(BOB)));
    changes.end();
    changes.begin("db", Map.of(MODEL, new Version(1, 105)));

    assertThat(changes.allows(ADA, new Version(1, 105), 0)).isFalse();
    assertThat(changes.allows(ADA, new Version(1, 110), 0)).isTrue();
  }

  @Test
  void aDatabaseWithAnotherHistoryHasItsOwnVersions() {
    changes.end();
    changes.begin("restored", Map.of(MODEL, new Version(1, 50)));

    assertThat(changes.usableDatabase()).isEqualTo("restored");
    assertThat(changes.allows(ADA, new Version(1, 50), 0)).isTrue();
  }

  @Test
  void aCommitThatArrivesLateOrTwiceChangesNothingButItsRows() {
    changes.apply(change(1, 100, 110, Set.of()));
    changes.apply(change(1, 100, 105, Set.of(BOB)));
    changes.apply(change(1, 100, 110, Set.of()));

    assertThat(changes.allows(ADA, new Version(1, 100), 110)).isTrue();
    assertThat(changes.allows(BOB, new Version(1, 104), 0)).isFalse();
  }

  @Test
  void whoHasSeenALaterStateDoesNotGetAnEarlierOne() {
    changes.seen(ADA, new Version(1, 120));

    assertThat(changes.allows(ADA, new Version(1, 110), 0)).isFalse();
    assertThat(changes.allows(BOB, new Version(1, 110), 0)).isTrue();
  }

  @Test
  void withoutNotificationsNoCopyIsUsed() {
    assertThat(changes.usableDatabase()).isEqualTo("db");
    changes.end();
    assertThat(changes.usableDatabase()).isNull();
  }

  @Test
  void commitsThatFollowEachOtherAreAnnouncedAsOne() {
    List<ModelChange> merged =
        ChangePublisher.merge(
            List.of(
                change(1, 100, 101, Set.of(ADA)),
                change(1, 101, 105, Set.of(BOB)),
                change(1, 107, 108, Set.of())));

    assertThat(merged)
        .containsExactly(change(1, 100, 105, Set.of(ADA, BOB)), change(1, 107, 108, Set.of()));
  }

  @Test
  void anAnnouncementFitsIntoPayloadsThatPostgresqlTakes() {
    var keys = new HashSet<CacheKey>();
    IntStream.range(0, 4_000).forEach(i -> keys.add(key("account-" + i)));

    List<String> payloads = ChangePublisher.payloads(change(1, 100, 110, keys));

    assertThat(payloads).hasSize(3).allMatch(payload -> payload.length() < 8_000);
    assertThat(payloads.getLast()).contains(" . ");
    assertThat(payloads.subList(0, 2)).allMatch(payload -> payload.contains(" + "));
  }

  private static CacheKey key(String id) {
    return new CacheKey(new TenantId("acme"), MODEL, id);
  }

  private static ModelChange change(
      long edition, long from, long to, @Nullable Set<CacheKey> keys) {
    return new ModelChange(MODEL, edition, from, to, keys);
  }
}
