package io.kontor.eventstore.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class NodeTokenStoreTest {
  private static final Duration BEFORE_LAPSE = TokenClaimSettings.LAPSE_AFTER.dividedBy(2);

  private final TestDatabase database = TestDatabase.create();
  private final JdbcTemplate sql = new JdbcTemplate(database.worker());
  private final JdbcTokenStore node = store();
  private final JdbcTokenStore other = store();

  @BeforeEach
  void claim() {
    for (String processor : List.of("a", "b", "silent")) {
      node.initializeTokenSegments(processor, 1, new GlobalSequenceTrackingToken(0));
      node.fetchToken(processor, 0);
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private JdbcTokenStore store() {
    return TokenStores.store(database.worker(), Jackson3Serializer.builder().build());
  }

  @Test
  void aClaimThatIsDueIsExtendedWithThoseThatHaveAskedAndWithNoOthers() {
    node.storeToken(new GlobalSequenceTrackingToken(1), "a", 0);
    allClaimed(BEFORE_LAPSE);
    node.extendClaim("a", 0); // not due, but it is alive

    node.extendClaim("b", 0);

    assertThat(age("a")).isLessThan(BEFORE_LAPSE);
    assertThat(age("b")).isLessThan(BEFORE_LAPSE);
    assertThat(age("silent")).isGreaterThanOrEqualTo(BEFORE_LAPSE);
  }

  @Test
  void aClaimThatWasWrittenLatelyIsNotExtended() {
    node.storeToken(new GlobalSequenceTrackingToken(1), "a", 0);
    String written = claimedAt("a");

    node.extendClaim("a", 0);

    assertThat(claimedAt("a")).isEqualTo(written);
  }

  @Test
  void aClaimThatAnotherNodeHasTakenOverIsNotExtended() {
    allClaimed(TokenClaimSettings.LAPSE_AFTER.multipliedBy(2));
    other.fetchToken("a", 0);
    String taken = claimedAt("a");

    assertThatThrownBy(() -> node.extendClaim("a", 0))
        .isInstanceOf(UnableToClaimTokenException.class);
    node.extendClaim("b", 0);

    assertThat(claimedAt("a")).isEqualTo(taken);
  }

  @Test
  void aClaimThatLapsedAndThatNobodyTookIsClaimedAnew() {
    allClaimed(TokenClaimSettings.LAPSE_AFTER.multipliedBy(2));

    node.extendClaim("a", 0);

    assertThatThrownBy(() -> other.fetchToken("a", 0))
        .isInstanceOf(UnableToClaimTokenException.class);
  }

  @Test
  void aBatchThatStoresItsTokenHoldsUpNoExtension() throws Exception {
    node.extendClaim("a", 0);
    allClaimed(BEFORE_LAPSE);
    try (var batch = database.worker().getConnection();
        var statement = batch.createStatement()) {
      batch.setAutoCommit(false);
      statement.execute("update token set token = token where processor = 'a'");

      node.extendClaim("b", 0);
      batch.rollback();
    }

    assertThat(age("a")).isGreaterThanOrEqualTo(BEFORE_LAPSE);
    assertThat(age("b")).isLessThan(BEFORE_LAPSE);
  }

  private void allClaimed(Duration ago) {
    sql.update(
        "update kontor.token set claimed_at = ?",
        DateTimeUtils.formatInstant(Instant.now().minus(ago)));
  }

  private Duration age(String processor) {
    return Duration.between(DateTimeUtils.parseInstant(claimedAt(processor)), Instant.now());
  }

  private String claimedAt(String processor) {
    return sql.queryForObject(
        "select claimed_at from kontor.token where processor = ?", String.class, processor);
  }
}
