package io.kontor.redis;

/**
 * A Lua script that a server runs atomically and that returns an integer.
 *
 * @param text the source
 */
public record RedisScript(String text) {}
