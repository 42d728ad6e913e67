package io.kontor.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With invalid input every tool exits with 2 and one short line. */
class ToolInputTest {
  private static final String DIGITS = "1".repeat(1 << 20);
  private static final String NO_HASH = "0".repeat(64);

  private final Tools tools = new Tools(BankFixture.running().folder());

  @TempDir private Path files;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "events tail --no-follow -n {}",
        "events tail --no-follow --tenant {}",
        "events show {}",
        "events show acme/{}",
        "events export {} --from {}",
        "events export x --to {}",
        "events import {}",
        "balance {}",
        "balance acme/0198c0de-0000-7000-8000-00000000dead --at {}",
        "replay --to {}",
        "replay --to 1 --tenant {}",
        "replay --to 1 --projection {}",
        "verify --chain --head {}",
        "verify --chain --head acme:{}",
        "projections rebuild {}",
        "projections abort {}",
        "projections rollback {}",
        "{}"
      })
  void aMegabyteIsRefusedByItsLength(String command) {
    refused(List.of(command.replace("{}", DIGITS).split(" ", -1)).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "events tail --no-follow -n 0x10",
        "events tail --no-follow -n +5",
        "events tail --no-follow -n #10",
        "events tail --no-follow -n ٥",
        "events tail --no-follow -n -5",
        "events show acme/1-1-1-1-1",
        "balance acme/1-1-1-1-1",
        "balance acme/0198c0de-0000-7000-8000-00000000dead --at +1000000000-01-01T00:00:00Z",
        "balance acme/0198c0de-0000-7000-8000-00000000dead --at -1000-01-01T00:00:00Z",
        "replay --to +5",
        "replay --to +999999999-12-31T23:59:59Z"
      })
  void aValueIsTakenAtItsWord(String command) {
    refused(command.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "\"{}\"",
        "{'kontor-events':{},'tenants':[]}",
        "{'kontor-events':1}",
        "{'kontor-events':1,'tenants':[{'id':'{}','after':'{hash}'}]}",
        "{'kontor-events':1,'tenants':[{'id':'acme','after':'{}'}]}",
        "{'kontor-events':1,'tenants':[{'id':'acme','after':'no hash'}]}",
        "{'kontor-events':1,'tenants':[{'id':'acme','name':'{}','after':'{hash}'}]}",
        "{'kontor-events':1,'tenants':[{'id':'acme','after':'{hash}'}]}\n{}\n{}",
        "{'kontor-events':1,'tenants':[{'id':'acme','after':'{hash}'}]}\n"
            + "{'tenant':'acme','stream':'0198c0de-0000-7000-8000-00000000dead','sequence':{}}\n{}",
        "{'kontor-events':1,'tenants':[{'id':'acme','after':'{hash}'}]}\n"
            + "{'tenant':'acme','stream':'{}','sequence':1}\n{}",
        "{'kontor-events':1,'tenants':[{'id':'acme','after':'{hash}'}]}\n"
            + "{'events':0,'sha256':'{}'}"
      })
  void anImportedFileThatNoExportWroteIsRefused(String content) throws IOException {
    Path file = files.resolve("events.ndjson.gz");
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      gzip.write((json(content) + "\n").getBytes(UTF_8));
    }
    refused("events", "import", file.toString(), "--check");
  }

  @Test
  void aFileThatUnpacksToMoreThanAnyExportIsNotUnpacked() throws IOException {
    Path file = files.resolve("bomb.gz");
    byte[] zeros = new byte[1 << 20];
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int megabyte = 0; megabyte < 200; megabyte++) {
        gzip.write(zeros);
      }
    }
    assertThat(refused("events", "import", file.toString(), "--check")).contains("damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "acme", "acme:{}", "{}:{hash}", "acme:{hash}0"})
  void aFileOfHeadsIsRefusedForALineThatIsNone(String line) throws IOException {
    Path file = files.resolve("heads");
    Files.writeString(file, json(line) + "\n");
    refused("verify", "--chain", "--heads", file.toString());
  }

  private String refused(String... command) {
    var outcome = tools.run(command).expect(2);
    assertThat(outcome.err()).startsWith("kontor: ").hasLineCount(1).hasSizeLessThan(600);
    return outcome.err();
  }

  private static String json(String text) {
    return text.replace('\'', '"').replace("{}", DIGITS).replace("{hash}", NO_HASH);
  }
}
