package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.app.Tools.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters from the command line, while the bank runs. */
class DeadLetterToolsTest {
  private static final String NO_LETTER = "0198c0de-0000-7000-8000-00000000dead";

  private final BankFixture bank = BankFixture.running();
  private final Tools tools = new Tools(bank.folder());

  @Test
  void aLetterIsListedShownAndTakenOnceItsCauseIsMended() {
    var parked = ParkedDeposit.in(bank);
    String id = parked.id();

    assertThat(run("list", "accounts").expect(0).lines())
        .filteredOn(line -> line.startsWith(id))
        .singleElement()
        .asString()
        .contains(parked.tenant() + "/" + parked.account(), "money-deposited", "followers=1");
    assertThat(run("show", "accounts", id).expect(0).lines())
        .anyMatch(line -> line.startsWith("recorded ") && line.endsWith(" times"))
        .anyMatch(
            line ->
                line.startsWith("its event: kontor events show ")
                    && line.contains(parked.tenant() + "/" + parked.account()));

    parked.mend();
    assertThat(run("retry", "accounts", id).expect(0).out())
        .startsWith("accounts: ")
        .endsWith(" events are parked\n");
    parked.awaitNone();
    parked.awaitBalance("14.00");
    assertThat(run("list", "accounts").expect(0).out()).doesNotContain(parked.tenant() + "/");
  }

  @Test
  void aDiscardedEventIsLeftOutAndItIsRecordedWhoDecidedItAndWhy() {
    var parked = ParkedDeposit.in(bank);
    String id = parked.id();
    parked.mend();
    run("discard", "accounts", id, "--reason", "booked by hand, case 17", "--by", "olga").expect(0);
    parked.awaitNone();
    assertThat(parked.discarded()).containsExactly("olga: booked by hand, case 17");
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "retry", "discard"})
  void aLetterThatThereIsNotIsSaidInOneLine(String what) {
    List<String> command = new ArrayList<>(List.of(what, "accounts", NO_LETTER));
    if (what.equals("discard")) {
      command.addAll(List.of("--reason", "booked"));
    }
    assertThat(run(command.toArray(String[]::new)).expect(2).err())
        .isEqualTo("kontor: there is no such dead letter\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list",
        "list nonsense",
        "show accounts",
        "show accounts 1-1-1-1-1",
        "show accounts {long}",
        "retry",
        "retry nonsense",
        "retry accounts x",
        "discard accounts {none}",
        "discard accounts {none} --reason",
        "discard accounts {none} --reason {blank}",
        "discard accounts {none} --reason {control}",
        "discard accounts {none} --reason {long}",
        "discard accounts {none} --reason booked --by {blank}",
        "nonsense"
      })
  void whatCanNotBeMeantIsRefusedInOneLine(String command) {
    String[] arguments = command.split(" ", -1);
    for (int n = 0; n < arguments.length; n++) {
      arguments[n] =
          arguments[n]
              .replace("{none}", NO_LETTER)
              .replace("{blank}", " ")
              .replace("{control}", "line\nbreak")
              .replace("{long}", "1".repeat(1 << 20));
    }
    assertThat(run(arguments).expect(2).err())
        .startsWith("kontor: ")
        .doesNotContain("no such dead letter")
        .hasLineCount(1)
        .hasSizeLessThan(600);
  }

  private Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("projections", "dead-letters"));
    all.addAll(List.of(arguments));
    return tools.run(all.toArray(String[]::new));
  }
}
