package io.kontor.gateway.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class RetryBudgetTest {
  @Test
  void ofAHundredRequestsTwentyMayBeRepeatedAndAHundredAreSavedUp() {
    var budget = new RetryBudget(20);
    assertThat(retries(budget)).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      budget.deposit();
    }
    assertThat(retries(budget)).isEqualTo(20);
    for (int i = 0; i < 100_000; i++) {
      budget.deposit();
    }
    assertThat(retries(budget)).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 | {"transfers":[{"a":1},{"b":[1,2,{}]},{}]}
          2 | {"other":{"transfers":[1,2,3]},"transfers":[{},{}],"x":1}
          1 | {"transfers":[]}
          1 | {"transfers":7}
          1 | {"transfers":[{},{}
          1 | [1,2,3]
          1 | not json
          """)
  void aBulkIsCountedByItsTransfers(long size, String body) {
    assertThat(BulkSize.of(body.getBytes(UTF_8))).isEqualTo(size);
  }

  private static int retries(RetryBudget budget) {
    int count = 0;
    while (budget.tryWithdraw()) {
      count++;
    }
    return count;
  }
}
