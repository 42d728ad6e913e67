package io.kontor.personaldata;

import java.util.UUID;

/**
 * A piece of a document about a person, encrypted like {@link SealedText}.
 *
 * @param key the id of the subject's key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SealedBytes(UUID key, byte[] bytes) {}
