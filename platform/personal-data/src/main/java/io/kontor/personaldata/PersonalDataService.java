package io.kontor.personaldata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.personaldata.SealedText.Clear;
import io.kontor.personaldata.SealedText.Sealed;
import io.kontor.personaldata.SubjectKeyStore.SubjectKey;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts personal data of the current tenant. All code between the edges handles
 * {@link SealedText} only.
 *
 * <p>Every method throws {@link io.kontor.tenancy.NoTenantException} when no tenant is bound.
 */
public final class PersonalDataService {
  /** Shown in place of erased text. */
  public static final String FORGOTTEN = "(forgotten)";

  private final SubjectKeyStore keys;

  PersonalDataService(SubjectKeyStore keys) {
    this.keys = keys;
  }

  /**
   * For use outside the bank's process: caches no keys, since it receives no notifications of
   * deleted ones.
   */
  public static PersonalDataService of(
      TenantTransactions transactions, DataSource app, MasterKeys masters) {
    return new PersonalDataService(new SubjectKeyStore(transactions, app, masters));
  }

  /**
   * Encrypts a text with the key of its data subject.
   *
   * @param subject the person's name among the tenant's data subjects, such as a customer number
   */
  public SealedText seal(String subject, String text) {
    return seal(keys.ofSubject(subject), text);
  }

  /**
   * Encrypts a name of a data subject, who is found by its words from then on.
   *
   * @param subject as for {@link #seal(String, String)}
   */
  public SealedText sealName(String subject, String name) {
    return seal(keys.ofSubjectNamed(subject, NameWords.of(name)), name);
  }

  /**
   * The data subjects in whose names all words of a text occur, whole, in any order, however they
   * are capitalized and with or without accents. None for a text without a letter or digit.
   *
   * @param limit how many at most
   */
  public Set<String> named(String words, int limit) {
    return keys.subjectsNamed(NameWords.of(words), limit);
  }

  private static SealedText seal(SubjectKey key, String text) {
    return SealedText.sealedWith(
        key.id(), AesGcm.seal(key.key(), text.getBytes(UTF_8), context(key.id())));
  }

  /**
   * Encrypts a piece of a document with the key of its data subject.
   *
   * @param place where the piece belongs; it can't be opened as another
   */
  public SealedBytes seal(String subject, byte[] piece, String place) {
    SubjectKey key = keys.ofSubject(subject);
    return new SealedBytes(key.id(), AesGcm.seal(key.key(), piece, context(key.id(), place)));
  }

  /**
   * The piece of a document; empty when its subject was forgotten.
   *
   * @throws IllegalStateException when it was changed or belongs to another place, or its master
   *     key is not configured
   */
  public Optional<byte[]> open(SealedBytes sealed, String place) {
    SubjectKey key = keys.withIds(List.of(sealed.key())).get(sealed.key());
    return key == null
        ? Optional.empty()
        : Optional.of(AesGcm.open(key.key(), sealed.bytes(), context(key.id(), place)));
  }

  /** Those of the keys whose subjects were not forgotten. */
  public Set<UUID> existing(Collection<UUID> several) {
    return several.isEmpty() ? Set.of() : keys.withIds(several).keySet();
  }

  /** The text, or {@link #FORGOTTEN}. */
  public String reveal(SealedText personal) {
    return Objects.requireNonNull(reveal(List.of(personal)).get(personal));
  }

  /**
   * Each text, or {@link #FORGOTTEN}, with one look-up at most for all keys that are not cached.
   *
   * @throws IllegalStateException when one was changed, or its master key is not configured
   */
  public Map<SealedText, String> reveal(Collection<SealedText> several) {
    Set<UUID> ids = new HashSet<>();
    Set<String> unsealed = new HashSet<>();
    for (SealedText personal : several) {
      switch (personal.content()) {
        case Sealed sealed -> ids.add(sealed.key());
        case Clear clear -> unsealed.add(clear.subject());
      }
    }
    Map<UUID, SubjectKey> found = ids.isEmpty() ? Map.of() : keys.withIds(ids);
    Set<String> forgotten = unsealed.isEmpty() ? Set.of() : keys.forgottenAmong(unsealed);
    Map<SealedText, String> texts = new HashMap<>();
    for (SealedText personal : several) {
      texts.put(
          personal,
          switch (personal.content()) {
            case Sealed sealed -> open(sealed, found.get(sealed.key()));
            case Clear clear -> forgotten.contains(clear.subject()) ? FORGOTTEN : clear.text();
          });
    }
    return texts;
  }

  /** The id of the subject's key; null when the subject has none. */
  public @Nullable UUID keyOf(String subject) {
    return keys.idOf(subject);
  }

  /**
   * Makes everything that was sealed with the subject's key unreadable for good, in every process
   * and copy. Idempotent; what is sealed for the subject later gets a new key.
   *
   * @param key the subject's key from {@link #keyOf}
   */
  public void forget(String subject, @Nullable UUID key) {
    keys.remove(subject, key);
  }

  private static String open(Sealed sealed, @Nullable SubjectKey key) {
    return key == null
        ? FORGOTTEN
        : new String(AesGcm.open(key.key(), sealed.bytes(), context(key.id())), UTF_8);
  }

  private static byte[] context(UUID key, String place) {
    return (key + "/" + place).getBytes(UTF_8);
  }

  private static byte[] context(UUID key) {
    return key.toString().getBytes(UTF_8);
  }
}
