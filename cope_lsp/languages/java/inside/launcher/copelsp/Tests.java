package copelsp;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Runs the tests that standard input names, one by one: a line each, `number code class method`.
 *
 * Each is told of on standard output: `begin number`, then `ok number code` or `fail number base64`. The code of
 * a test is said when it has passed and never before, and stands in no field: what runs here cannot guess it.
 */
public final class Tests {
    private static final int SHOWN = 6000;

    /** One way to run tests; null where all went well, else what went wrong. */
    interface Way {
        String run(Class<?> type, String method) throws Throwable;
    }

    private Tests() {}

    public static void main(String[] args) throws Exception {
        List<String[]> asked = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            asked.add(line.split(" "));
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        System.setIn(new ByteArrayInputStream(new byte[0]));
        Way way = (Way) Class.forName("copelsp." + args[0]).getDeclaredConstructor().newInstance();
        for (String[] each : asked) {
            out.print("\nbegin " + each[0] + "\n");
            out.flush();
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            PrintStream heard = new PrintStream(said, true, "UTF-8");
            System.setOut(heard);
            System.setErr(heard);
            String wrong = tried(way, each[2], each[3]);
            String end = wrong == null ? "ok " + each[0] + " " + each[1] : "fail " + each[0] + " " + told(wrong, said);
            out.print("\n" + end + "\n");
            out.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    private static String tried(Way way, String type, String method) {
        try {
            return way.run(Class.forName(type), method);
        } catch (Throwable error) {
            return shown(error);
        }
    }

    private static String told(String wrong, ByteArrayOutputStream said) throws Exception {
        String whole = wrong + "\n" + shortened(said.toString("UTF-8"));
        return Base64.getEncoder().encodeToString(shortened(whole).getBytes(StandardCharsets.UTF_8));
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN
            ? text
            : text.substring(0, SHOWN / 2) + "\n...\n" + text.substring(text.length() - SHOWN / 2);
    }

    /** An error with its causes, each with the lines of the project's own that it came through. */
    static String shown(Throwable error) {
        StringBuilder text = new StringBuilder();
        Throwable at = error;
        for (int depth = 0; at != null && depth < 5; depth++, at = at.getCause()) {
            text.append(depth > 0 ? "caused by " : "").append(at).append('\n');
            int lines = 0;
            for (StackTraceElement line : at.getStackTrace()) {
                String name = line.getClassName();
                if (name.startsWith("copelsp.")) {
                    break;
                }
                if (lines < 6 && !name.matches("(?:java|jdk|sun|org\\.junit|junit|org\\.opentest4j)\\..*")) {
                    text.append("    at ").append(line).append('\n');
                    lines++;
                }
            }
            for (Throwable other : at.getSuppressed()) {
                text.append("also ").append(other).append('\n');
            }
        }
        return text.toString();
    }
}
