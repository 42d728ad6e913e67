package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.testsupport.ApiClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The restore that docs/operations/backup-and-restore.md describes, rehearsed: a base backup is
 * taken from a bank under load, the bank is lost, and another goes on from the backup.
 *
 * @see <a href="https://www.postgresql.org/docs/18/continuous-archiving.html">Low-level base
 *     backups</a>, which is what pg_basebackup does
 */
@Tag("system")
class BackupTest {
  private static final int CLIENTS = 4;
  private static final int ACCOUNTS = 6;
  private static final int BEFORE_THE_BACKUP = 200;

  private final Map<String, Answer> answered = new ConcurrentHashMap<>();
  private final CountDownLatch busy = new CountDownLatch(BEFORE_THE_BACKUP);
  private List<String> accounts = List.of();
  @TempDir private Path lost;
  @TempDir private Path restored;

  @AfterEach
  void stopPostgres() {
    BankProcess.stopPostgres(lost);
    BankProcess.stopPostgres(restored);
  }

  @Test
  @Timeout(300)
  void theRestoredBankHasAllThatWasAnsweredWhenTheBackupWasDoneAndGoesOn() throws Exception {
    Map<String, Answer> saved = loseABankThatIsBackedUpUnderLoad();

    try (var bank = BankProcess.start(restored)) {
      BankClient teller = bank.anyone().teller("acme");
      long position = teller.open("cust-42", "EUR").position();
      Books books = Books.at(position, teller, bank.anyone().auditor("acme")).agree();
      assertThat(books.total()).isEqualByComparingTo("6000.00");
      assertThat(books.transfers())
          .containsAll(saved.values().stream().map(answer -> answer.text("id")).toList());

      Map.Entry<String, Answer> one = saved.entrySet().iterator().next();
      Answer again = teller.transfer(one.getKey(), accounts.get(0), accounts.get(1), "0.01");
      assertThat(again.expect(201).isReplayed()).as("keys are in the backup").isTrue();
      assertThat(again.json()).isEqualTo(one.getValue().json());
      teller.transfer(accounts.get(0), accounts.get(1), "0.01").expect(201);
    }
    assertThat(new Tools(restored.resolve("data")).run("verify", "--chain").expect(0).out())
        .contains("all is well");
  }

  private Map<String, Answer> loseABankThatIsBackedUpUnderLoad() throws Exception {
    try (var bank = BankProcess.start(lost);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      BankClient teller = bank.anyone().teller("acme");
      List<String> opened = new ArrayList<>();
      for (int i = 0; i < ACCOUNTS; i++) {
        opened.add(teller.openAccount());
        teller.deposit(opened.getLast(), "1000.00").expect(200);
      }
      accounts = List.copyOf(opened);
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(() -> transferUntilLost(teller)));
      }
      busy.await();
      Map<String, Answer> saved = backUp();
      bank.kill();
      for (Future<?> client : clients) {
        client.get();
      }
      System.out.printf(
          "%d transfers answered when the backup was done, %d when the bank was lost%n",
          saved.size(), answered.size());
      return saved;
    }
  }

  private void transferUntilLost(BankClient teller) {
    try {
      while (true) {
        String key = BankClient.newKey();
        answered.put(
            key, teller.transfer(key, accounts.get(0), accounts.get(1), "0.01").expect(201));
        busy.countDown();
      }
    } catch (UncheckedIOException ended) {
      return;
    }
  }

  /**
   * Copies the cluster while it is written to, and the log that makes the copy whole.
   *
   * @return what had been confirmed by the end of it
   */
  private Map<String, Answer> backUp() throws IOException, SQLException {
    Path data = lost.resolve("data");
    Path copy = restored.resolve("data");
    Map<String, Answer> saved;
    try (Connection superuser = superuser(data);
        var statement = superuser.createStatement()) {
      // Stands in for an archive: what was written since the start of the backup stays there.
      statement.execute("alter system set wal_keep_size = '1GB'");
      statement.execute("select pg_reload_conf()");
      statement.execute("select pg_backup_start('rehearsal', fast => true)");
      DataFolder.copy(data, copy);
      saved = Map.copyOf(answered);
      try (var row =
          statement.executeQuery(
              "select labelfile from pg_backup_stop(wait_for_archive => false)")) {
        row.next();
        Files.writeString(copy.resolve("postgres/backup_label"), row.getString(1));
      }
      DataFolder.copy(data.resolve("postgres/pg_wal"), copy.resolve("postgres/pg_wal"));
    }
    return saved;
  }

  private static Connection superuser(Path data) throws IOException, SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + DataFolder.postgresPort(data) + "/postgres",
        "postgres",
        Files.readString(data.resolve("passwords/postgres")).strip());
  }
}
