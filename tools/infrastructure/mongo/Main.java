import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** Run as a source file: `java -cp 'jars/*' Main.java HOST PORT`. */
class Main {
    public static void main(String[] args) {
        new MongoServer(new MemoryBackend()).bind(args[0], Integer.parseInt(args[1]));
    }
}
